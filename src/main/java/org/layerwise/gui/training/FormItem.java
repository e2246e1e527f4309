package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.Property;
import javafx.beans.value.ObservableValue;
import org.controlsfx.control.PropertySheet;

/** A field of the form as a property sheet takes it; its name and explanation come from the texts. */
final class FormItem<T> implements PropertySheet.Item {

    /** What the field is edited with. */
    enum Kind {
        WHOLE,
        REAL,
        CHOICE,
        MODULES,
        FILE
    }

    private final String key;
    private final Kind kind;
    private final Class<?> type;
    private final Property<T> property;
    private final Function<Object, T> cast;

    private FormItem(String key, Kind kind, Class<?> type, Property<T> property, Function<Object, T> cast) {
        this.key = key;
        this.kind = kind;
        this.type = type;
        this.property = property;
        this.cast = cast;
    }

    static FormItem<Number> whole(String key, Property<Number> property) {
        return new FormItem<>(key, Kind.WHOLE, Integer.class, property, Number.class::cast);
    }

    static FormItem<Number> real(String key, Property<Number> property) {
        return new FormItem<>(key, Kind.REAL, Double.class, property, Number.class::cast);
    }

    static <E extends Enum<E>> FormItem<E> choice(String key, Class<E> type, Property<E> property) {
        return new FormItem<>(key, Kind.CHOICE, type, property, type::cast);
    }

    static FormItem<String> file(String key, Property<String> property) {
        return new FormItem<>(key, Kind.FILE, String.class, property, String.class::cast);
    }

    static FormItem<List<String>> modules(String key, Property<List<String>> property) {
        return new FormItem<>(key, Kind.MODULES, List.class, property, names -> ((List<?>) names)
                .stream().map(String::valueOf).toList());
    }

    String key() {
        return key;
    }

    Kind kind() {
        return kind;
    }

    @Override
    public Class<?> getType() {
        return type;
    }

    @Override
    public String getCategory() {
        return "";
    }

    @Override
    public String getName() {
        return text("training.field." + key);
    }

    @Override
    public String getDescription() {
        return text("training.tip." + key);
    }

    @Override
    public Object getValue() {
        return property.getValue();
    }

    @Override
    public void setValue(Object value) {
        if (!property.getValue().equals(value)) {
            property.setValue(cast.apply(value));
        }
    }

    @Override
    public Optional<ObservableValue<? extends Object>> getObservableValue() {
        return Optional.of(property);
    }
}
