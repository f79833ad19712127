/* The driver's library for programs, as far as the probe asks it. Variables say how it behaves:
 * FAKE_CUDA_COUNT devices, of which the first has the uuid FAKE_CUDA_UUID (32 hex digits);
 * FAKE_CUDA_INIT is what initialising returns; with FAKE_CUDA_ROTTEN memory loses a bit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int number(const char *name) { return getenv(name) ? atoi(getenv(name)) : 0; }

int cuInit(unsigned flags) {
    /* Whoever leaves the variable set asks about less than the program could reach. */
    if (flags || getenv("CUDA_VISIBLE_DEVICES")) return 1;
    return number("FAKE_CUDA_INIT");
}
int cuGetErrorName(int code, const char **text) {
    *text = code == 802 ? "CUDA_ERROR_SYSTEM_NOT_READY" : NULL;
    return *text ? 0 : 1;
}
int cuDeviceGetCount(int *count) { *count = number("FAKE_CUDA_COUNT"); return 0; }
int cuDeviceGet(int *device, int ordinal) { *device = ordinal; return 0; }
int cuDeviceGetUuid_v2(unsigned char *out, int device) {
    (void)device;
    for (int n = 0; n < 16; n++) sscanf(getenv("FAKE_CUDA_UUID") + 2 * n, "%2hhx", out + n);
    return 0;
}
int cuDevicePrimaryCtxRetain(void **context, int device) { (void)device; *context = malloc(1); return 0; }
int cuDevicePrimaryCtxRelease_v2(int device) { (void)device; return 0; }
int cuCtxSetCurrent(void *context) { return context ? 0 : 1; }
int cuMemAlloc_v2(unsigned long long *at, size_t size) {
    *at = (unsigned long long)malloc(size);
    return *at ? 0 : 2;
}
int cuMemFree_v2(unsigned long long at) { free((void *)at); return 0; }
int cuMemsetD8_v2(unsigned long long at, unsigned char value, size_t size) {
    memset((void *)at, value, size);
    return 0;
}
int cuMemcpyHtoD_v2(unsigned long long to, const void *from, size_t size) {
    memcpy((void *)to, from, size);
    if (getenv("FAKE_CUDA_ROTTEN")) ((char *)to)[size / 2] ^= 1;
    return 0;
}
int cuMemcpyDtoH_v2(void *to, unsigned long long from, size_t size) {
    memcpy(to, (const void *)from, size);
    return 0;
}
