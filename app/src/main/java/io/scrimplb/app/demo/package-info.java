/** The demo: one load balancer and two backends in one process, on loopback, with a tiny application behind each backend. */
@NullMarked
package io.scrimplb.app.demo;

import org.jspecify.annotations.NullMarked;
