package io.scrimplb.app.acme;

/** An order came to nothing. Expected: carries no stack trace. */
final class OrderFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;
    private final boolean orderLives;

    /** @param orderLives whether the order at the authority can be taken up again */
    OrderFailedException(Failure failure, boolean orderLives) {
        super(failure.cause(), null, false, false);
        this.failure = failure;
        this.orderLives = orderLives;
    }

    Failure failure() {
        return failure;
    }

    boolean orderLives() {
        return orderLives;
    }
}
