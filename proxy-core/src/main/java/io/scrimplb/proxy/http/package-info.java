/** What holds for every version of HTTP: local replies, request ids, and which header fields mean something to a proxy. */
@NullMarked
package io.scrimplb.proxy.http;

import org.jspecify.annotations.NullMarked;
