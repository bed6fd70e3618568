#include "ccurl.h"

#include <dlfcn.h>
#include <pthread.h>

/* curl.h wraps these two in type-checking macros under GCC and Clang; the table below needs the plain names. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

static struct {
    CURLcode (*global_init)(long);
    CURL *(*init)(void);
    void (*cleanup)(CURL *);
    void (*reset)(CURL *);
    CURLcode (*perform)(CURL *);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    const char *(*strerror)(CURLcode);
    const char *(*version)(void);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
} api;

static int opened = -1;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_library(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    int missing = 0;
#define BIND(field, symbol) \
    do { \
        *(void **)&api.field = dlsym(library, symbol); \
        if (!api.field) missing = 1; \
    } while (0)
    BIND(global_init, "curl_global_init");
    BIND(init, "curl_easy_init");
    BIND(cleanup, "curl_easy_cleanup");
    BIND(reset, "curl_easy_reset");
    BIND(perform, "curl_easy_perform");
    BIND(setopt, "curl_easy_setopt");
    BIND(getinfo, "curl_easy_getinfo");
    BIND(strerror, "curl_easy_strerror");
    BIND(version, "curl_version");
    BIND(slist_append, "curl_slist_append");
    BIND(slist_free_all, "curl_slist_free_all");
#undef BIND
    if (missing || api.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return;
    opened = 0;
}

int ccurl_open(void) {
    pthread_once(&once, open_library);
    return opened;
}

const char *ccurl_version(void) { return ccurl_open() ? NULL : api.version(); }
const char *ccurl_error(CURLcode code) { return ccurl_open() ? "libcurl is not installed" : api.strerror(code); }

CURL *ccurl_new(void) { return ccurl_open() ? NULL : api.init(); }
void ccurl_free(CURL *handle) { if (handle && !ccurl_open()) api.cleanup(handle); }
void ccurl_reset(CURL *handle) { if (handle && !ccurl_open()) api.reset(handle); }
CURLcode ccurl_perform(CURL *handle) { return ccurl_open() ? CURLE_FAILED_INIT : api.perform(handle); }

#define SET(value) (ccurl_open() ? CURLE_FAILED_INIT : api.setopt(handle, option, value))
CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) { return SET(value); }
CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) { return SET(value); }
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) { return SET(value); }
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) { return SET(value); }
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) { return SET(value); }
CURLcode ccurl_set_data_function(CURL *handle, CURLoption option, ccurl_data_function value) { return SET(value); }
CURLcode ccurl_set_progress_function(CURL *handle, ccurl_progress_function value) {
    CURLoption option = CURLOPT_XFERINFOFUNCTION;
    return SET(value);
}
CURLcode ccurl_set_open_socket_function(CURL *handle, ccurl_open_socket_function value) {
    CURLoption option = CURLOPT_OPENSOCKETFUNCTION;
    return SET(value);
}
#undef SET

#define GET(value) (ccurl_open() ? CURLE_FAILED_INIT : api.getinfo(handle, info, value))
CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) { return GET(value); }
CURLcode ccurl_get_double(CURL *handle, CURLINFO info, double *value) { return GET(value); }
CURLcode ccurl_get_string(CURL *handle, CURLINFO info, const char **value) { return GET(value); }
#undef GET

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *line) {
    return ccurl_open() ? NULL : api.slist_append(list, line);
}
void ccurl_list_free(struct curl_slist *list) { if (list && !ccurl_open()) api.slist_free_all(list); }
