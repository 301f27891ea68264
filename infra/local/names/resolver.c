/* Preloaded into the functions of a cloud with faults: names under silent.test have a DNS server that never answers,
   names under up.test are this machine. All others are resolved as usual. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* glibc has a socket for each server, and waits for each as often and as long as RES_OPTIONS says. */
#define SERVERS 2

static int option(const char *name, int usual) {
    const char *options = getenv("RES_OPTIONS"), *found = options ? strstr(options, name) : NULL;
    return found ? atoi(found + strlen(name)) : usual;
}

typedef int (*resolve)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int is_under(const char *name, const char *domain) {
    size_t length = strlen(name), end = strlen(domain);
    return length >= end && strcmp(name + length - end, domain) == 0;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    resolve next = (resolve)dlsym(RTLD_NEXT, "getaddrinfo");
    if (name && is_under(name, ".silent.test")) {
        int queries[SERVERS];
        for (int i = 0; i < SERVERS; i++) queries[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sleep(SERVERS * option("timeout:", 5) * option("attempts:", 2));
        for (int i = 0; i < SERVERS; i++)
            if (queries[i] >= 0) close(queries[i]);
        return EAI_AGAIN;
    }
    if (name && is_under(name, ".up.test")) name = "127.0.0.1";
    return next(name, service, hints, found);
}
