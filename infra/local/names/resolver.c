/* Preloaded into the functions of a cloud with faults: names under silent.test have a DNS server that never answers,
   names under up.test are this machine. All others are resolved as usual. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long glibc waits for one server that does not answer: 5 s, twice. */
#define SECONDS_OF_SILENCE 10

typedef int (*resolve)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int is_under(const char *name, const char *domain) {
    size_t length = strlen(name), end = strlen(domain);
    return length >= end && strcmp(name + length - end, domain) == 0;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    resolve next = (resolve)dlsym(RTLD_NEXT, "getaddrinfo");
    if (name && is_under(name, ".silent.test")) {
        /* The socket of the query. */
        int query = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sleep(SECONDS_OF_SILENCE);
        if (query >= 0) close(query);
        return EAI_AGAIN;
    }
    if (name && is_under(name, ".up.test")) name = "127.0.0.1";
    return next(name, service, hints, found);
}
