package io.scrimplb.membership.transport;

import java.util.IllegalFormatException;
import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JGroups' log at lower levels. What it calls a warning or an error is the weather of a network (a peer that closed, a
 * late response, a stranger's bytes) and comes in floods; the operator gets one line for each change of state from our
 * own classes instead, and JGroups' words at DEBUG under its own logger names.
 */
final class QuietLog implements Log {
    private final Logger logger;

    private QuietLog(Logger logger) {
        this.logger = logger;
    }

    static CustomLogFactory factory() {
        return new CustomLogFactory() {
            @Override
            public Log getLog(Class<?> type) {
                return new QuietLog(LoggerFactory.getLogger(type));
            }

            @Override
            public Log getLog(String category) {
                return new QuietLog(LoggerFactory.getLogger(category));
            }
        };
    }

    private void say(boolean notable, String format, Object... args) {
        if (notable ? !logger.isDebugEnabled() : !logger.isTraceEnabled()) {
            return;
        }
        String text;
        try {
            text = args.length == 0 ? format : String.format(format, args);
        } catch (IllegalFormatException e) {
            text = format;
        }
        if (notable) {
            logger.debug(text);
        } else {
            logger.trace(text);
        }
    }

    @Override
    public boolean isFatalEnabled() {
        return logger.isDebugEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return logger.isDebugEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return logger.isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return logger.isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return logger.isTraceEnabled();
    }

    @Override
    public boolean isTraceEnabled() {
        return logger.isTraceEnabled();
    }

    @Override
    public void fatal(String msg) {
        say(true, msg);
    }

    @Override
    public void fatal(String format, Object... args) {
        say(true, format, args);
    }

    @Override
    public void fatal(String msg, Throwable throwable) {
        logger.debug(msg, throwable);
    }

    @Override
    public void error(String msg) {
        say(true, msg);
    }

    @Override
    public void error(String format, Object... args) {
        say(true, format, args);
    }

    @Override
    public void error(String msg, Throwable throwable) {
        logger.debug(msg, throwable);
    }

    @Override
    public void warn(String msg) {
        say(true, msg);
    }

    @Override
    public void warn(String format, Object... args) {
        say(true, format, args);
    }

    @Override
    public void warn(String msg, Throwable throwable) {
        logger.debug(msg, throwable);
    }

    @Override
    public void info(String msg) {
        say(false, msg);
    }

    @Override
    public void info(String format, Object... args) {
        say(false, format, args);
    }

    @Override
    public void debug(String msg) {
        say(false, msg);
    }

    @Override
    public void debug(String format, Object... args) {
        say(false, format, args);
    }

    @Override
    public void debug(String msg, Throwable throwable) {
        logger.trace(msg, throwable);
    }

    @Override
    public void trace(Object msg) {
        say(false, String.valueOf(msg));
    }

    @Override
    public void trace(String msg) {
        say(false, msg);
    }

    @Override
    public void trace(String format, Object... args) {
        say(false, format, args);
    }

    @Override
    public void trace(String msg, Throwable throwable) {
        logger.trace(msg, throwable);
    }

    @Override
    public void setLevel(String level) {
        // The SLF4J backend decides.
    }

    @Override
    public String getLevel() {
        return logger.isTraceEnabled() ? "trace" : logger.isDebugEnabled() ? "warn" : "off";
    }
}
