package org.layerwise.base.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Numbers of records, which are only read from numbers of their type and range. */
final class StrictNumbers extends SimpleModule {

    private static final long serialVersionUID = 1L;

    /** Texts that Jackson writes for numbers that are not finite. */
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    private static final WholeType<Integer> INTS =
            new WholeType<>(Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.SIZE, JsonNode::intValue);
    private static final WholeType<Long> LONGS =
            new WholeType<>(Long.MIN_VALUE, Long.MAX_VALUE, Long.SIZE, JsonNode::longValue);

    StrictNumbers() {
        addDeserializer(int.class, new WholeNumbers<>(0, INTS, Integer.MIN_VALUE));
        addDeserializer(Integer.class, new WholeNumbers<>(null, INTS, Integer.MIN_VALUE));
        addDeserializer(long.class, new WholeNumbers<>(0L, LONGS, Long.MIN_VALUE));
        addDeserializer(Long.class, new WholeNumbers<>(null, LONGS, Long.MIN_VALUE));
        addDeserializer(double.class, new Doubles(0.0, true));
        addDeserializer(Double.class, new Doubles(null, true));
    }

    /** Error of a value that is no number of the expected type and range. */
    static final class NumberException extends MismatchedInputException {

        private static final long serialVersionUID = 1L;

        private final String expected;

        NumberException(JsonParser parser, String expected) {
            super(parser, expected);
            this.expected = expected;
        }

        /** Returns the words for the expected values. */
        String expected() {
            return expected;
        }
    }

    /** Type of whole numbers: its range, its size in bits, and its value of a number in that range. */
    private record WholeType<N extends Number>(long lowest, long highest, int bits, Function<JsonNode, N> value) {}

    private static final class WholeNumbers<N extends Number> extends JsonDeserializer<N>
            implements ContextualDeserializer {

        private final @Nullable N missing;
        private final WholeType<N> type;
        private final long least;

        WholeNumbers(@Nullable N missing, WholeType<N> type, long least) {
            this.missing = missing;
            this.type = type;
            this.least = least;
        }

        @Override
        public WholeNumbers<N> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            Min given = property == null ? null : property.getAnnotation(Min.class);
            return new WholeNumbers<>(missing, type, given == null ? type.lowest : given.value());
        }

        @Override
        public N deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode value = parser.readValueAsTree();
            if (!JsonNumbers.isWhole(value, least, type.highest)) {
                throw new NumberException(
                        parser,
                        least == type.lowest
                                ? "a whole number of %s bits".formatted(type.bits)
                                : "a whole number of at least " + least);
            }
            return type.value.apply(value);
        }

        @Override
        public @Nullable N getNullValue(DeserializationContext context) {
            return missing;
        }
    }

    private static final class Doubles extends JsonDeserializer<Double> implements ContextualDeserializer {

        private final @Nullable Double missing;
        private final boolean finite;

        Doubles(@Nullable Double missing, boolean finite) {
            this.missing = missing;
            this.finite = finite;
        }

        @Override
        public Doubles createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            return new Doubles(missing, property == null || property.getAnnotation(MayBeInfinite.class) == null);
        }

        @Override
        public Double deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken().isNumeric()) { // fast, for large matrices
                double number = parser.getDoubleValue();
                if (!finite || Double.isFinite(number)) {
                    return number;
                }
            }
            JsonNode value = parser.readValueAsTree();
            if (!finite && value.isTextual() && NOT_FINITE.contains(value.textValue())) {
                return Double.valueOf(value.textValue());
            }
            if (finite ? !JsonNumbers.isFinite(value) : !value.isNumber()) {
                throw new NumberException(parser, finite ? "a finite number" : "a number");
            }
            return value.doubleValue();
        }

        @Override
        public @Nullable Double getNullValue(DeserializationContext context) {
            return missing;
        }
    }
}
