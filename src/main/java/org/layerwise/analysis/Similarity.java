package org.layerwise.analysis;

import java.util.OptionalDouble;

/** How alike two representations are: a value, or the reason why there is none. */
public sealed interface Similarity {

    /** A similarity that could be computed; for linear CKA between 0 and 1. */
    record Value(double value) implements Similarity {
        public Value {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a similarity must be finite, not " + value);
            }
        }
    }

    /** A similarity that does not exist, with the reason in one sentence for people. */
    record Undefined(String reason) implements Similarity {}

    /** The value, if there is one. */
    default OptionalDouble asOptional() {
        return this instanceof Value defined ? OptionalDouble.of(defined.value()) : OptionalDouble.empty();
    }
}
