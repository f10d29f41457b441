package io.scrimplb.seed;

/** Told of every attempt to push, on the publisher's thread; must return soon and throw nothing. */
@FunctionalInterface
public interface PushListener {
    /**
     * Called once an attempt.
     *
     * @param provider the provider's type, such as {@code s3}
     */
    void pushed(String provider, PushResult result);
}
