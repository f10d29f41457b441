/*
 * HTTP/1.1 load at a fixed mean rate (Poisson arrivals) over a number of keep-alive connections. Each latency counts
 * from the moment at which the request was meant to be sent, so a proxy that stalls is charged for all the requests
 * that had to wait behind the stall: no 'coordinated omission' (Gil Tene, 'How NOT to Measure Latency').
 *
 * usage: openloop PORT HOST PATH RATE SECONDS CONNECTIONS SEED      prints one line: FIGURES and JSON
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 65536, HEAD_SIZE = 4096, MAX_EVENTS = 256 };
static const int64_t SECOND = 1000000000;
/* What is still unanswered this long after the last request counts as an error. */
static const int64_t PATIENCE = 2 * 1000000000LL;

struct connection {
    int fd;
    int64_t intended; /* when its request was meant to be sent, ns */
    char head[HEAD_SIZE];
    int head_length;
    int64_t body_left; /* -1 while the head is not complete */
};

static struct connection *connections;
static int connection_count;
static struct sockaddr_in target;
static int epoll;
/* Connections without a request; one of them is taken at random, as independent clients would. */
static int *idle, idle_count;
static uint32_t *latencies; /* us */
static long latency_count, latency_capacity, in_flight, errors;
static uint64_t random_state;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

/* xorshift64 (Marsaglia 2003), as a number in (0, 1]. */
static double uniform(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return ((double) (random_state >> 11) + 1) / 9007199254740992.0;
}

/* The time to the next arrival of a Poisson process, ns. */
static double gap(double rate) { return -log(uniform()) / rate * SECOND; }

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int take_idle(void) {
    int k = (int) (uniform() * idle_count) % idle_count, i = idle[k];
    idle[k] = idle[--idle_count];
    return i;
}

static void open_connection(int i) {
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *) &target, sizeof target)) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t) i};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) fail("epoll_ctl");
    connections[i].fd = fd;
    connections[i].intended = 0;
    idle[idle_count++] = i;
}

/* A connection that broke is replaced; its request, if it had one, is an error. */
static void replace(int i) {
    if (connections[i].intended) {
        in_flight--;
        errors++;
    } else {
        /* Take it out of the idle ones. */
        for (int k = 0; k < idle_count; k++) {
            if (idle[k] == i) {
                idle[k] = idle[--idle_count];
                break;
            }
        }
    }
    close(connections[i].fd);
    open_connection(i);
}

static void send_request(int i, const char *request, size_t length, int64_t intended) {
    struct connection *c = &connections[i];
    c->intended = intended;
    c->head_length = 0;
    c->body_left = -1;
    in_flight++;
    if (write(c->fd, request, length) != (ssize_t) length) replace(i);
}

static void answered(int i) {
    struct connection *c = &connections[i];
    if (latency_count < latency_capacity) latencies[latency_count++] = (uint32_t) ((now() - c->intended) / 1000);
    c->intended = 0;
    in_flight--;
    idle[idle_count++] = i;
}

/* Takes what came; returns 0 when the connection is of no more use. */
static int receive(int i) {
    static char input[READ_SIZE];
    struct connection *c = &connections[i];
    ssize_t got = read(c->fd, input, sizeof input);
    if (got < 0 && errno == EAGAIN) return 1;
    if (got <= 0 || !c->intended) return 0;
    if (c->body_left < 0) {
        ssize_t room = HEAD_SIZE - 1 - c->head_length, taken = got < room ? got : room;
        memcpy(c->head + c->head_length, input, (size_t) taken);
        c->head_length += (int) taken;
        c->head[c->head_length] = 0;
        char *end = strstr(c->head, "\r\n\r\n");
        if (!end) return taken == got;
        char *length = strcasestr(c->head, "\ncontent-length:");
        if (strncmp(c->head, "HTTP/1.1 200", 12) || !length) return 0;
        long in_head = c->head_length - (end + 4 - c->head);
        c->body_left = atol(length + 16) - in_head - (got - taken);
    } else {
        c->body_left -= got;
    }
    if (c->body_left < 0) return 0;
    if (c->body_left == 0) answered(i);
    return 1;
}

static int ascending(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
    return (x > y) - (x < y);
}

static uint32_t percentile(double share) {
    return latency_count ? latencies[(long) ((double) (latency_count - 1) * share)] : 0;
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fprintf(stderr, "usage: openloop PORT HOST PATH RATE SECONDS CONNECTIONS SEED\n");
        return 2;
    }
    double rate = atof(argv[4]), seconds = atof(argv[5]);
    connection_count = atoi(argv[6]);
    random_state = 0x9E3779B97F4A7C15ULL ^ ((uint64_t) atoll(argv[7]) * 7919);
    target = (struct sockaddr_in) {.sin_family = AF_INET, .sin_port = htons((uint16_t) atoi(argv[1]))};
    target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char request[1024];
    size_t length = (size_t) snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", argv[3], argv[2]);
    prctl(PR_SET_TIMERSLACK, 1000); /* wake within 1 us of the intended moment, not 50 */

    connections = calloc((size_t) connection_count, sizeof *connections);
    idle = calloc((size_t) connection_count + 1, sizeof *idle);
    latency_capacity = (long) (rate * seconds * 1.2) + 10000;
    latencies = calloc((size_t) latency_capacity, sizeof *latencies);
    epoll = epoll_create1(0);
    for (int i = 0; i < connection_count; i++) open_connection(i);

    int64_t start = now(), end = start + (int64_t) (seconds * SECOND);
    double next = (double) start + gap(rate);
    struct epoll_event events[MAX_EVENTS];
    for (;;) {
        /* What is due goes out while there is a connection; else it waits, and its latency runs. */
        while (next < end && next <= now() && idle_count) {
            send_request(take_idle(), request, length, (int64_t) next);
            next += gap(rate);
        }
        int64_t t = now();
        if ((next >= end && !in_flight) || t > end + PATIENCE) break;
        int64_t wait = next < end && idle_count ? (int64_t) next - t : SECOND / 20;
        struct timespec timeout = {0, wait < 0 ? 0 : wait < SECOND ? wait : SECOND - 1};
        int n = epoll_pwait2(epoll, events, MAX_EVENTS, &timeout, NULL);
        for (int k = 0; k < n; k++) {
            int i = (int) events[k].data.u32;
            if (!receive(i)) replace(i);
        }
    }
    double elapsed = (double) (now() - start) / SECOND;
    errors += in_flight;
    for (; next < end; next += gap(rate)) errors++; /* never sent: the proxy was too slow for the rate */
    qsort(latencies, (size_t) latency_count, sizeof *latencies, ascending);
    printf("FIGURES {\"requests\":%ld,\"seconds\":%.6f,\"bytes\":0,\"p50\":%u,\"p99\":%u,\"p999\":%u,\"errors\":%ld}\n",
           latency_count, elapsed, percentile(.5), percentile(.99), percentile(.999), errors);
    return 0;
}
