package io.scrimplb.membership;

/** What a member is in the cluster for. */
public enum Role {
    LOAD_BALANCER,
    BACKEND
}
