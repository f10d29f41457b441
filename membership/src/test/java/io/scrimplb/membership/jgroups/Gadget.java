package io.scrimplb.membership.jgroups;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.util.SizeStreamable;

/** Stands for any class of the class path that does harm when it is made from bytes. */
final class Gadget {
    static final AtomicInteger TRIGGERED = new AtomicInteger();

    /** Harms when it is deserialised. */
    static final class Serialised implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            TRIGGERED.incrementAndGet();
        }
    }

    /** Harms when it is constructed. */
    public static final class Constructed implements SizeStreamable {
        public Constructed() {
            TRIGGERED.incrementAndGet();
        }

        @Override
        public int serializedSize() {
            return 0;
        }

        @Override
        public void writeTo(DataOutput out) {}

        @Override
        public void readFrom(DataInput in) {}
    }

    private Gadget() {}
}
