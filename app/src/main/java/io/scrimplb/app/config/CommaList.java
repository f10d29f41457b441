package io.scrimplb.app.config;

import java.util.ArrayList;
import java.util.List;

/** Lists where there are no brackets: in the environment, in flags, in defaults. */
final class CommaList {
    private CommaList() {}

    /** Blanks around an element do not count; an empty text is an empty list. */
    static Node.Sequence of(String text, Origin origin) {
        List<Node> elements = new ArrayList<>();
        if (!text.isBlank()) {
            for (String element : text.split(",", -1)) {
                elements.add(new Node.Scalar(origin, Node.Kind.TEXT, element.strip()));
            }
        }
        return new Node.Sequence(origin, elements);
    }
}
