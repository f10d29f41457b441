package io.scrimplb.proxy.spec;

/** Whether a connection to an endpoint begins with the client's address, as HAProxy's PROXY protocol puts it. */
public enum ProxyProtocol {
    NONE,
    /** One line of text. */
    V1,
    /** The binary form. */
    V2
}
