package org.layerwise.lora;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.setting.CommaList;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.SettingType;
import org.layerwise.model.ModulePattern;

/** Setting type for numbers per module: {@code NAME=VALUE} items separated by commas, as in {@code query=4,value=8}. */
final class ModulePatterns {

    private ModulePatterns() {}

    /**
     * Returns the type of such a setting.
     *
     * @param label placeholder in synopses
     * @param number type of a number
     * @param range range of a number
     */
    static <N extends Number> SettingType<Map<String, N>> type(String label, SettingType<N> number, Range range) {
        return SettingType.of(
                SettingType.Kind.LIST,
                label,
                "NAME=VALUE, with commas between and each value %s %s, such as query=4,value=8"
                        .formatted(number.expected(), range.words()),
                text -> read(text, number.parse(), range),
                patterns -> patterns.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + number.format().apply(entry.getValue()))
                        .collect(Collectors.joining(",")));
    }

    private static <N extends Number> Map<String, N> read(String text, Function<String, N> number, Range range) {
        Map<String, N> patterns = new LinkedHashMap<>();
        for (String item : CommaList.split(text)) {
            int equals = item.lastIndexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException(item);
            }
            String name = item.substring(0, equals).strip();
            N value = number.apply(item.substring(equals + 1).strip());
            if (!range.contains(value.doubleValue())) {
                throw new IllegalArgumentException(item);
            }
            ModulePattern.of(name); // throws if the name is no regular expression
            patterns.put(name, value);
        }
        return Collections.unmodifiableMap(patterns);
    }
}
