"""How gunicorn serves: `gunicorn -c server/gunicorn_conf.py server.wsgi`."""

from server.settings import env

bind = env.text("BIND", "127.0.0.1:8000")
workers = env.integer("WEB_PROCESSES", 1)
# Threads: a slow upload holds one of them, and none is killed in the middle of it.
worker_class = "gthread"
threads = env.integer("WEB_THREADS", 8)
timeout = 60
graceful_timeout = 10
# It would lie in the user's home, where a second server would take it from the first.
control_socket_disable = True
accesslog = "-" if env.flag("ACCESS_LOG", default=False) else None
# No query and no address of the page before: they may hold what somebody typed or was sent.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(L)s "%(a)s" %({x-request-id}o)s'
logger_class = "server.logs.gunicorn.DiscreetLogger"
loglevel = env.text("LOG_LEVEL", "INFO").lower()
