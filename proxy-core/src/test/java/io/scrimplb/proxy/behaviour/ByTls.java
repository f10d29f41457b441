package io.scrimplb.proxy.behaviour;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test class whose HTTP listeners speak TLS, and whose clients do too, without a word about it in the tests. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface ByTls {}
