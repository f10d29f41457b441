package io.scrimplb.proxy.behaviour;

import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test that takes the {@link TlsEngine} and runs with each. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@EnumSource(
        value = TlsEngine.class,
        names = {"OPENSSL", "JDK"})
@interface EveryEngine {}
