package org.layerwise.selection.export;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Decimals;
import org.layerwise.base.json.Yaml;

/** Settings of another tool in YAML, in the order in which they are added. */
final class YamlText {

    private final Map<String, Object> values = new LinkedHashMap<>();

    YamlText put(String key, @Nullable Object value) {
        if (value != null) {
            values.put(key, value);
        }
        return this;
    }

    /**
     * Adds a number in a form that every YAML parser reads as a number: never like 1e-7, which is a text in YAML 1.1.
     */
    YamlText number(String key, double value) {
        values.put(key, new BigDecimal(Decimals.shortest(value)));
        return this;
    }

    /** Returns the settings as YAML, below a comment of one line. */
    String text(String comment) {
        return "# " + comment + "\n" + Yaml.write(values);
    }
}
