package io.scrimplb.app.config;

/** Where a value was written. {@link Object#toString} names the place for people; it is empty when there is none. */
public sealed interface Origin {
    /** The value that applies when nobody says anything. */
    Origin DEFAULT = new Default();

    /**
     * A place in a file.
     *
     * @param file as the user named it
     * @param line from 1; 0 for the file as a whole
     * @param column in characters, from 1
     */
    record InFile(String file, int line, int column) implements Origin {
        @Override
        public String toString() {
            return line == 0 ? file : file + ":" + line + ":" + column;
        }
    }

    /** An environment variable. */
    record Environment(String name) implements Origin {
        @Override
        public String toString() {
            return "environment " + name;
        }
    }

    /** A flag of the command line, with its dashes. */
    record Flag(String name) implements Origin {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Nobody wrote it. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }
}
