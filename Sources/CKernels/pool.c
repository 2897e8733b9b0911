// A pool of threads that all start on one task and are waited for together. A hand-over costs a
// few microseconds: waiters spin briefly before they sleep.
#include "ckernels.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#else
#define PAUSE() ((void)0)
#endif

enum { spins = 2000 };

typedef struct {
    ck_pool *pool;
    int part;
} member;

struct ck_pool {
    int threads;
    pthread_t *handles;
    member *members;
    pthread_mutex_t mutex;
    pthread_cond_t started, finished;
    atomic_uint generation; // counts tasks; the pool's threads wait for a change
    atomic_int pending;     // parts that are not done yet
    bool stopping;
    ck_task task;
    void *context;
};

static void *work(void *argument) {
    member *self = argument;
    ck_pool *pool = self->pool;
    ck_flush_denormals();
    unsigned seen = 0;
    for (;;) {
        for (int i = 0; i < spins && atomic_load(&pool->generation) == seen; i++) PAUSE();
        pthread_mutex_lock(&pool->mutex);
        while (atomic_load(&pool->generation) == seen)
            pthread_cond_wait(&pool->started, &pool->mutex);
        seen = atomic_load(&pool->generation);
        bool stopping = pool->stopping;
        pthread_mutex_unlock(&pool->mutex);
        if (stopping) return NULL;
        pool->task(pool->context, self->part);
        if (atomic_fetch_sub(&pool->pending, 1) == 1) {
            pthread_mutex_lock(&pool->mutex);
            pthread_cond_signal(&pool->finished);
            pthread_mutex_unlock(&pool->mutex);
        }
    }
}

static void announce(ck_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->generation, 1);
    pthread_cond_broadcast(&pool->started);
    pthread_mutex_unlock(&pool->mutex);
}

ck_pool *ck_pool_create(int threads) {
    ck_pool *pool = calloc(1, sizeof *pool);
    if (!pool) return NULL;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->started, NULL);
    pthread_cond_init(&pool->finished, NULL);
    pool->handles = calloc((size_t)threads, sizeof *pool->handles);
    pool->members = calloc((size_t)threads, sizeof *pool->members);
    pool->threads = 1;
    if (!pool->handles || !pool->members) {
        ck_pool_destroy(pool);
        return NULL;
    }
    for (int i = 1; i < threads; i++) {
        pool->members[i] = (member){pool, i};
        if (pthread_create(&pool->handles[i], NULL, work, &pool->members[i]) != 0) {
            ck_pool_destroy(pool);
            return NULL;
        }
        pool->threads = i + 1;
    }
    return pool;
}

void ck_pool_destroy(ck_pool *pool) {
    if (!pool) return;
    pool->stopping = true;
    announce(pool);
    for (int i = 1; i < pool->threads; i++) pthread_join(pool->handles[i], NULL);
    pthread_cond_destroy(&pool->started);
    pthread_cond_destroy(&pool->finished);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->handles);
    free(pool->members);
    free(pool);
}

void ck_pool_run(ck_pool *pool, ck_task task, void *context) {
    if (pool->threads == 1) {
        task(context, 0);
        return;
    }
    pool->task = task;
    pool->context = context;
    atomic_store(&pool->pending, pool->threads - 1);
    announce(pool);
    task(context, 0);
    for (int i = 0; i < spins && atomic_load(&pool->pending) > 0; i++) PAUSE();
    if (atomic_load(&pool->pending) == 0) return;
    pthread_mutex_lock(&pool->mutex);
    while (atomic_load(&pool->pending) > 0) pthread_cond_wait(&pool->finished, &pool->mutex);
    pthread_mutex_unlock(&pool->mutex);
}
