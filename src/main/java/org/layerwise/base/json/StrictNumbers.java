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
import org.jspecify.annotations.Nullable;

/** Numbers of records, which are only read from numbers of their type and range. */
final class StrictNumbers extends SimpleModule {

    private static final long serialVersionUID = 1L;

    /** Texts that Jackson writes for numbers that are not finite. */
    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    StrictNumbers() {
        addDeserializer(int.class, new Ints(0, Integer.MIN_VALUE));
        addDeserializer(Integer.class, new Ints(null, Integer.MIN_VALUE));
        addDeserializer(long.class, new Longs(0L, Long.MIN_VALUE));
        addDeserializer(Long.class, new Longs(null, Long.MIN_VALUE));
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

    private static String whole(long least, long lowest, int bits) {
        return least == lowest ? "a whole number of %s bits".formatted(bits) : "a whole number of at least " + least;
    }

    private static long least(@Nullable BeanProperty property, long otherwise) {
        Least least = property == null ? null : property.getAnnotation(Least.class);
        return least == null ? otherwise : least.value();
    }

    private static final class Ints extends JsonDeserializer<Integer> implements ContextualDeserializer {

        private final @Nullable Integer missing;
        private final long least;

        Ints(@Nullable Integer missing, long least) {
            this.missing = missing;
            this.least = least;
        }

        @Override
        public Ints createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            return new Ints(missing, least(property, Integer.MIN_VALUE));
        }

        @Override
        public Integer deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode value = parser.readValueAsTree();
            if (!JsonNumbers.isWhole(value, least, Integer.MAX_VALUE)) {
                throw new NumberException(parser, whole(least, Integer.MIN_VALUE, Integer.SIZE));
            }
            return value.intValue();
        }

        @Override
        public @Nullable Integer getNullValue(DeserializationContext context) {
            return missing;
        }
    }

    private static final class Longs extends JsonDeserializer<Long> implements ContextualDeserializer {

        private final @Nullable Long missing;
        private final long least;

        Longs(@Nullable Long missing, long least) {
            this.missing = missing;
            this.least = least;
        }

        @Override
        public Longs createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            return new Longs(missing, least(property, Long.MIN_VALUE));
        }

        @Override
        public Long deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode value = parser.readValueAsTree();
            if (!JsonNumbers.isWhole(value, least, Long.MAX_VALUE)) {
                throw new NumberException(parser, whole(least, Long.MIN_VALUE, Long.SIZE));
            }
            return value.longValue();
        }

        @Override
        public @Nullable Long getNullValue(DeserializationContext context) {
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
