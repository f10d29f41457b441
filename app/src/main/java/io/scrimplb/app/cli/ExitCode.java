package io.scrimplb.app.cli;

/** What the process tells its caller. */
public final class ExitCode {
    /** All went well. */
    public static final int OK = 0;
    /** Something failed while running. */
    public static final int FAILURE = 1;
    /** The command line cannot be understood. */
    public static final int USAGE = 2;
    /** The configuration cannot be used. */
    public static final int CONFIGURATION = 3;
    /** A port is taken or not permitted. */
    public static final int PORT = 4;

    private ExitCode() {}
}
