package io.scrimplb.proxy.behaviour;

import io.scrimplb.proxy.ProxyOptions.Transport;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test that takes the {@link Transport} and runs on each kind: back-pressure bugs show on one and hide on another. What
 * this machine does not have is skipped, with the reason.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@EnumSource(
        value = Transport.class,
        names = {"NIO", "EPOLL", "IO_URING"})
public @interface EveryTransport {}
