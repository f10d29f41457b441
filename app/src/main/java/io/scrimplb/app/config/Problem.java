package io.scrimplb.app.config;

/**
 * Something in the configuration that has to be mended.
 *
 * @param origin where it was written
 * @param path the key with those above it, such as {@code load-balancer-config.push-period}; empty when it concerns no
 *     key
 * @param message one line: what is wrong and what to do
 */
public record Problem(Origin origin, String path, String message) {
    /** One line: {@code file:line:col path: message}. */
    @Override
    public String toString() {
        String place = origin instanceof Origin.Default ? "" : origin.toString();
        if (path.isEmpty()) {
            return place.isEmpty() ? message : place + ": " + message;
        }
        return (place.isEmpty() ? "" : place + " ") + path + ": " + message;
    }
}
