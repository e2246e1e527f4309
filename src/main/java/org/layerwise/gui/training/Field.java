package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.gui.session.History;

/**
 * A setting of a form: its value, what people have typed for it, and what is wrong with it. Its name and explanation come
 * from the texts. Needs no toolkit.
 *
 * @param <T> type of the value; where it may be null, nothing typed is null
 */
public final class Field<T extends @Nullable Object> {

    /** What a field is edited with. */
    enum Kind {
        LINE,
        CHOICE,
        SWITCH,
        MODULES,
        FILE,
        FOLDER
    }

    private final String key;
    private final Kind kind;
    private final T usual;
    private final Predicate<T> allowed;
    private final @Nullable FieldWords<T> words;
    private final ObjectProperty<T> value;
    private final ReadOnlyStringWrapper typed = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");
    private ObservableValue<Boolean> shown = new SimpleObjectProperty<>(true);
    private boolean typing;

    private Field(String key, Kind kind, T usual, Predicate<T> allowed, @Nullable FieldWords<T> words) {
        this.key = key;
        this.kind = kind;
        this.usual = usual;
        this.allowed = allowed;
        this.words = words;
        value = new SimpleObjectProperty<>(usual);
        value.addListener((observable, was, is) -> judge());
        judge();
    }

    /** One that is typed. */
    static <T extends @Nullable Object> Field<T> line(String key, T usual, Predicate<T> allowed, FieldWords<T> words) {
        return new Field<>(key, Kind.LINE, usual, allowed, words);
    }

    /** One of the values of an enum. */
    static <E extends Enum<E>> Field<E> choice(String key, E usual) {
        return new Field<>(key, Kind.CHOICE, usual, chosen -> true, null);
    }

    /** On or off. */
    static Field<Boolean> flag(String key, boolean usual) {
        return new Field<>(key, Kind.SWITCH, usual, on -> true, null);
    }

    /** The path of a file, or a name that stands for one; empty for none. */
    static Field<String> file(String key) {
        return new Field<>(key, Kind.FILE, "", path -> true, FieldWords.plain());
    }

    /** The path of a folder; empty for none. */
    static Field<String> folder(String key) {
        return new Field<>(key, Kind.FOLDER, "", path -> true, FieldWords.plain());
    }

    /** One that people see only while a condition holds; it keeps its value meanwhile. */
    Field<T> shownWhile(ObservableValue<Boolean> condition) {
        shown = condition;
        return this;
    }

    /** The part of the texts' keys and of the editor's id that is the field's own. */
    String key() {
        return key;
    }

    Kind kind() {
        return kind;
    }

    /** What it is called. */
    String name() {
        return text("training.field." + key);
    }

    /** What it means. */
    String tip() {
        return text("training.tip." + key);
    }

    /** The last value that could be read. */
    public ObjectProperty<T> valueProperty() {
        return value;
    }

    /** The last value that could be read. */
    public T get() {
        return value.get();
    }

    /** Changes the value, and what stands in the field. */
    public void set(T other) {
        value.set(other);
        judge(); // the same value, but what was typed could not be read
    }

    /** Lets its changes be taken back. */
    public void follow(History history) {
        history.follow(this, name(), this::get, this::set, value);
    }

    /** What stands in the field. */
    ReadOnlyStringProperty typedProperty() {
        return typed.getReadOnlyProperty();
    }

    /** What is wrong with it, in one sentence; empty if nothing is. */
    public ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Whether people see it. */
    ObservableValue<Boolean> shownProperty() {
        return shown;
    }

    /** Whether it is something else than what is usual. */
    boolean changed() {
        return !Objects.equals(value.get(), usual);
    }

    /** Takes what people type: a new value, or a mistake and the value as before. */
    public void type(String is) {
        if (words == null) {
            throw new IllegalStateException(key + " is not typed");
        }
        typed.set(is);
        T read;
        try {
            read = words.read(is);
        } catch (UserException e) {
            mistake.set(Objects.requireNonNullElse(e.getMessage(), ""));
            return;
        }
        typing = true;
        try {
            value.set(read);
            judge();
        } finally {
            typing = false;
        }
    }

    private void judge() {
        mistake.set(allowed.test(value.get()) ? "" : text("training.mistake." + key));
        if (words != null && !typing) {
            typed.set(words.write(value.get()));
        }
    }

    /** The modules of a model. */
    static Field<java.util.List<String>> modules(String key) {
        return new Field<>(key, Kind.MODULES, java.util.List.of(), names -> true, null);
    }

    @Override
    public String toString() {
        return "%s=%s".formatted(key.toLowerCase(Locale.ROOT), value.get());
    }
}
