package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.settings.CommaList;
import org.layerwise.settings.Setting;
import org.layerwise.study.ModulePatterns;

/** How the value of a field is written, and read from what people type. */
interface FieldWords<T extends @Nullable Object> {

    /** As people write it. */
    String write(T value);

    /** @throws UserException with the mistake in one sentence, if it cannot be read */
    T read(String typed);

    /** Values of a setting; of one without a default, blanks are null. */
    static <T> FieldWords<@Nullable T> of(Setting<T> setting) {
        return new FieldWords<>() {
            @Override
            public String write(@Nullable T value) {
                return value == null ? "" : setting.write(value);
            }

            @Override
            public @Nullable T read(String typed) {
                return typed.isBlank() && setting.defaultValue().isEmpty()
                        ? null
                        : setting.read(setting.title(), typed);
            }
        };
    }

    /** Whole numbers that an {@code int} holds. */
    static FieldWords<Integer> whole() {
        return new Numbers<>(Integer::valueOf, "training.unread.whole");
    }

    /** Whole numbers that a {@code long} holds. */
    static FieldWords<Long> large() {
        return new Numbers<>(Long::valueOf, "training.unread.whole");
    }

    /** Finite numbers. */
    static FieldWords<Double> real() {
        return new Numbers<>(FieldWords::finite, "training.unread.number");
    }

    /** The same, or nothing. */
    static <T> FieldWords<@Nullable T> orNothing(FieldWords<T> words) {
        return new FieldWords<>() {
            @Override
            public String write(@Nullable T value) {
                return value == null ? "" : words.write(value);
            }

            @Override
            public @Nullable T read(String typed) {
                return typed.isBlank() ? null : words.read(typed);
            }
        };
    }

    /** Words as they are, without blanks around them. */
    static FieldWords<String> plain() {
        return new FieldWords<>() {
            @Override
            public String write(String value) {
                return value;
            }

            @Override
            public String read(String typed) {
                return typed.strip();
            }
        };
    }

    /** Names with commas between. */
    static FieldWords<List<String>> names() {
        return new FieldWords<>() {
            @Override
            public String write(List<String> names) {
                return String.join(", ", names);
            }

            @Override
            public List<String> read(String typed) {
                return items(typed);
            }
        };
    }

    /** Ranks of single modules: {@code query=4, value=8}. */
    static FieldWords<Map<String, Integer>> ranks(String name) {
        return new FieldWords<>() {
            @Override
            public String write(Map<String, Integer> ranks) {
                return ModulePatterns.text(ranks);
            }

            @Override
            public Map<String, Integer> read(String typed) {
                return ModulePatterns.ranks(name, items(typed));
            }
        };
    }

    /** Alphas of single modules. */
    static FieldWords<Map<String, Double>> alphas(String name) {
        return new FieldWords<>() {
            @Override
            public String write(Map<String, Double> alphas) {
                return ModulePatterns.text(alphas);
            }

            @Override
            public Map<String, Double> read(String typed) {
                return ModulePatterns.alphas(name, items(typed));
            }
        };
    }

    private static List<String> items(String typed) {
        return CommaList.split(typed).stream().filter(item -> !item.isEmpty()).toList();
    }

    private static Double finite(String digits) {
        Double value = Double.valueOf(digits);
        if (!Double.isFinite(value)) {
            throw new NumberFormatException(digits);
        }
        return value;
    }

    /** A number as it is usually written: 0.001, not 1.0E-3. */
    static String plain(Number number) {
        if (number instanceof Integer || number instanceof Long) {
            return number.toString();
        }
        double value = number.doubleValue();
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e9) {
            return String.valueOf((long) value);
        }
        return size < 1e-4
                ? String.valueOf(value).replace("E", "e")
                : BigDecimal.valueOf(value).toPlainString();
    }

    /** Numbers of one kind. */
    record Numbers<N extends Number>(Parser<N> parser, String mistake) implements FieldWords<N> {

        /** Reads a number of digits. */
        interface Parser<N extends Number> {
            N parse(String digits);
        }

        @Override
        public String write(N value) {
            return plain(value);
        }

        @Override
        public N read(String typed) {
            try {
                return parser.parse(typed.strip());
            } catch (NumberFormatException e) {
                throw new UserException(text(mistake), e);
            }
        }
    }
}
