package io.scrimplb.proxy.telemetry;

/** The class of a status code, as the metric label {@code code_class} names it. */
public enum CodeClass {
    INFORMATIONAL("1xx"),
    SUCCESS("2xx"),
    REDIRECTION("3xx"),
    CLIENT_ERROR("4xx"),
    SERVER_ERROR("5xx"),
    /** The connection ended before a status was known. */
    NONE("none");

    private static final CodeClass[] BY_HUNDREDS = {
        NONE, INFORMATIONAL, SUCCESS, REDIRECTION, CLIENT_ERROR, SERVER_ERROR
    };

    private final String label;

    CodeClass(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** The class of a status; 0 and anything outside 100 to 599 is {@link #NONE}. */
    public static CodeClass of(int status) {
        return status < 100 || status > 599 ? NONE : BY_HUNDREDS[status / 100];
    }
}
