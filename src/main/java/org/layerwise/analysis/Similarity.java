package org.layerwise.analysis;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Similarity of two representations: a value, or the reason why it is undefined. */
public sealed interface Similarity {

    /** Defined similarity; for linear CKA between 0 and 1. */
    record Value(double value) implements Similarity {
        public Value {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a similarity must be finite, not " + value);
            }
        }
    }

    /** Undefined similarity, with the reason in one sentence for the user. */
    record Undefined(String reason) implements Similarity {}

    /** Returns a value, or an undefined similarity with its reason if the value is null. */
    static Similarity of(@Nullable Double value, String reason) {
        return value == null ? new Undefined(reason) : new Value(value);
    }

    /** Returns the value; empty if the similarity is undefined. */
    default OptionalDouble asOptional() {
        return this instanceof Value defined ? OptionalDouble.of(defined.value()) : OptionalDouble.empty();
    }

    /** Returns the value; null if the similarity is undefined. */
    default @Nullable Double orNull() {
        return this instanceof Value defined ? defined.value() : null;
    }
}
