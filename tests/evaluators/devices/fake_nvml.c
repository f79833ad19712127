/* NVIDIA's management library, as far as we ask it: what it knows stands in the file FAKE_NVML,
 * which is read again at every call. One line a fact:
 *
 *   driver CODE                          what initialising returns
 *   gpu UUID MINOR MB MIG CODE ACTION    MIG: -1 unknown, 0 off, 1 on; CODE: what its calls return
 *   slice GPU UUID MB GI CI              a MIG slice of the GPU of that number
 *   event GPU XID GI CI                  an error; the next wait for events of that GPU yields it
 *   quiet                                errors can't be asked for
 *   stuck                                waiting for errors does not return while this stands
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SUCCESS = 0, NOT_SUPPORTED = 3, NOT_FOUND = 6, NOT_LOADED = 9, TIMEOUT = 10 };
enum { MOST = 16, XID_EVENTS = 8, RECOVERY_ACTION = 230 };

struct gpu { char uuid[96]; int minor, mb, mig, code, action; };
struct slice { int gpu; char uuid[96]; int mb, gi, ci; };
struct event { int gpu, xid, gi, ci; };
struct state {
    int driver, gpus, slices, events, quiet, stuck;
    struct gpu gpu[MOST];
    struct slice slice[MOST];
    struct event event[256];
};
struct waiting { int gpu, seen; };
struct memory { unsigned long long total, free, used; };
struct data { void *device; unsigned long long type, xid; unsigned gi, ci; };
struct field {
    unsigned id, scope; long long time, latency; unsigned type, result;
    union { double real; unsigned number; unsigned long long large; } value;
};

static struct state *look(void) {
    static _Thread_local struct state s;
    char line[256];
    memset(&s, 0, sizeof s);
    s.driver = NOT_LOADED;
    const char *path = getenv("FAKE_NVML");
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file) return &s;
    while (fgets(line, sizeof line, file)) {
        struct gpu *g = &s.gpu[s.gpus];
        struct slice *p = &s.slice[s.slices];
        struct event *e = &s.event[s.events];
        if (sscanf(line, "driver %d", &s.driver) == 1) continue;
        s.gpus += sscanf(line, "gpu %95s %d %d %d %d %d",
                         g->uuid, &g->minor, &g->mb, &g->mig, &g->code, &g->action) == 6;
        s.slices += sscanf(line, "slice %d %95s %d %d %d",
                           &p->gpu, p->uuid, &p->mb, &p->gi, &p->ci) == 5;
        s.events += sscanf(line, "event %d %d %d %d", &e->gpu, &e->xid, &e->gi, &e->ci) == 4;
        s.quiet |= !strncmp(line, "quiet", 5);
        s.stuck |= !strncmp(line, "stuck", 5);
    }
    fclose(file);
    return &s;
}

/* Handles: 1 + n for GPUs, 1001 + n for slices. */
static void *gpu_handle(int n) { return (void *)(long)(1 + n); }
static void *slice_handle(int n) { return (void *)(long)(1001 + n); }
static struct slice *as_slice(struct state *s, void *h) {
    return (long)h > 1000 ? &s->slice[(long)h - 1001] : NULL;
}
static struct gpu *as_gpu(struct state *s, void *h) {
    struct slice *p = as_slice(s, h);
    return &s->gpu[p ? p->gpu : (long)h - 1];
}
#define ALIVE(h) do { if (as_gpu(look(), h)->code) return as_gpu(look(), h)->code; } while (0)

int nvmlInitWithFlags(unsigned flags) { (void)flags; return look()->driver; }
int nvmlShutdown(void) { return SUCCESS; }
const char *nvmlErrorString(int code) { (void)code; return "an error"; }
int nvmlDeviceGetCount_v2(unsigned *n) { *n = look()->gpus; return SUCCESS; }
int nvmlDeviceGetHandleByIndex_v2(unsigned n, void **h) {
    *h = gpu_handle(n);
    ALIVE(*h);
    return SUCCESS;
}
int nvmlDeviceGetHandleByUUID(const char *uuid, void **h) {
    struct state *s = look();
    *h = NULL;
    for (int n = 0; n < s->gpus; n++)
        if (!strcmp(uuid, s->gpu[n].uuid)) *h = gpu_handle(n);
    for (int n = 0; n < s->slices; n++)
        if (!strcmp(uuid, s->slice[n].uuid)) *h = slice_handle(n);
    if (!*h) return NOT_FOUND;
    ALIVE(*h);
    return SUCCESS;
}
int nvmlDeviceGetUUID(void *h, char *out, unsigned size) {
    struct state *s = look();
    snprintf(out, size, "%s", as_slice(s, h) ? as_slice(s, h)->uuid : as_gpu(s, h)->uuid);
    return SUCCESS;
}
int nvmlDeviceGetName(void *h, char *out, unsigned size) {
    snprintf(out, size, as_slice(look(), h) ? "Fake MIG 1g" : "Fake GPU");
    return SUCCESS;
}
int nvmlDeviceGetMemoryInfo(void *h, struct memory *out) {
    struct state *s = look();
    ALIVE(h);
    out->total = (unsigned long long)(as_slice(s, h) ? as_slice(s, h)->mb : as_gpu(s, h)->mb) << 20;
    return SUCCESS;
}
int nvmlDeviceGetMinorNumber(void *h, unsigned *n) { *n = as_gpu(look(), h)->minor; return SUCCESS; }
int nvmlDeviceGetMigMode(void *h, unsigned *now, unsigned *next) {
    int mig = as_gpu(look(), h)->mig;
    if (mig < 0) return NOT_SUPPORTED;
    *now = *next = mig;
    return SUCCESS;
}
int nvmlDeviceGetMaxMigDeviceCount(void *h, unsigned *n) { (void)h; *n = 7; return SUCCESS; }
int nvmlDeviceGetMigDeviceHandleByIndex(void *h, unsigned index, void **out) {
    struct state *s = look();
    /* Every second place is empty, as after slices were removed. */
    for (int n = 0, place = 0; n < s->slices; n++)
        if (as_gpu(s, h) == &s->gpu[s->slice[n].gpu] && (place += 2) == (int)index + 1) {
            *out = slice_handle(n);
            return SUCCESS;
        }
    return NOT_FOUND;
}
int nvmlDeviceGetGpuInstanceId(void *h, unsigned *n) { *n = as_slice(look(), h)->gi; return SUCCESS; }
int nvmlDeviceGetComputeInstanceId(void *h, unsigned *n) {
    *n = as_slice(look(), h)->ci;
    return SUCCESS;
}
int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(void *h, void **out) {
    *out = gpu_handle(as_slice(look(), h)->gpu);
    return SUCCESS;
}
int nvmlDeviceGetFieldValues(void *h, int count, struct field *fields) {
    ALIVE(h);
    for (int n = 0; n < count; n++) {
        fields[n].result = fields[n].id == RECOVERY_ACTION ? SUCCESS : NOT_SUPPORTED;
        fields[n].value.number = as_gpu(look(), h)->action;
    }
    return SUCCESS;
}
int nvmlDeviceGetSupportedEventTypes(void *h, unsigned long long *types) {
    (void)h;
    *types = look()->quiet ? 0 : XID_EVENTS;
    return SUCCESS;
}
int nvmlEventSetCreate(void **set) {
    struct waiting *w = malloc(sizeof *w);
    w->gpu = -1;
    w->seen = 0;
    *set = w;
    return SUCCESS;
}
int nvmlEventSetFree(void *set) { free(set); return SUCCESS; }
int nvmlDeviceRegisterEvents(void *h, unsigned long long types, void *set) {
    struct waiting *w = set;
    if (types != XID_EVENTS || as_slice(look(), h)) return NOT_SUPPORTED;
    w->gpu = (long)h - 1;
    w->seen = look()->events;
    return SUCCESS;
}
int nvmlEventSetWait_v2(void *set, struct data *out, unsigned milliseconds) {
    struct waiting *w = set;
    while (look()->stuck) usleep(10000);
    for (unsigned waited = 0;; waited += 5) {
        struct state *s = look();
        if (s->gpu[w->gpu].code) return s->gpu[w->gpu].code;
        while (w->seen < s->events) {
            struct event *e = &s->event[w->seen++];
            if (e->gpu != w->gpu) continue;
            *out = (struct data){gpu_handle(e->gpu), XID_EVENTS, e->xid, e->gi, e->ci};
            return SUCCESS;
        }
        if (waited >= milliseconds) return TIMEOUT;
        usleep(5000);
    }
}
