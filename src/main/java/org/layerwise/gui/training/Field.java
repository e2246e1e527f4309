package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.gui.session.History;
import org.layerwise.gui.text.Messages;
import org.layerwise.settings.Setting;

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
    private final Texts texts;
    private final T usual;
    private final Function<T, String> check;
    private final @Nullable FieldWords<T> words;
    private final ObjectProperty<T> value;
    private final ReadOnlyStringWrapper typed = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");
    private ObservableValue<Boolean> shown = new SimpleObjectProperty<>(true);
    private boolean typing;

    /** Texts of a field; an empty prompt is none. */
    private record Texts(String name, String tip, String prompt) {

        /** Returns those of the window's texts. */
        static Texts of(String key) {
            String prompt = "training.prompt." + key;
            return new Texts(
                    text("training.field." + key),
                    text("training.tip." + key),
                    Messages.has(prompt) ? text(prompt) : "");
        }

        static Texts of(Setting<?> setting) {
            boolean blank = setting.defaultValue().isEmpty();
            return new Texts(setting.title(), setting.help(), blank ? setting.defaultText() : "");
        }
    }

    /** Creates a field that is no setting by itself and is not typed. */
    private Field(String key, Kind kind, T usual) {
        this(key, kind, Texts.of(key), usual, value -> "", null);
    }

    private Field(
            String key, Kind kind, Texts texts, T usual, Function<T, String> check, @Nullable FieldWords<T> words) {
        this.key = key;
        this.kind = kind;
        this.texts = texts;
        this.usual = usual;
        this.check = check;
        this.words = words;
        value = new SimpleObjectProperty<>(usual);
        value.addListener((observable, was, is) -> judge());
        judge();
    }

    /**
     * Returns the field of a setting.
     *
     * @return of a setting without a default, null is nothing typed
     */
    static <T> Field<@Nullable T> of(Setting<T> setting) {
        Kind kind =
                switch (setting.type().kind()) {
                    case FLAG -> Kind.SWITCH;
                    case CHOICE -> Kind.CHOICE;
                    case FILE -> Kind.FILE;
                    case FOLDER -> Kind.FOLDER;
                    case WHOLE, NUMBER, TEXT, LIST -> Kind.LINE;
                };
        return new Field<@Nullable T>(
                setting.name(),
                kind,
                Texts.of(setting),
                setting.defaultValue().orElse(null),
                value -> mistake(setting, value),
                kind == Kind.SWITCH ? null : FieldWords.of(setting));
    }

    private static <T> String mistake(Setting<T> setting, @Nullable T value) {
        try {
            if (value != null) {
                setting.require(setting.title(), value);
            }
            return "";
        } catch (UserException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** One of the values of an enum. */
    static <E extends Enum<E>> Field<E> choice(String key, E usual) {
        return new Field<>(key, Kind.CHOICE, usual);
    }

    /** On or off. */
    static Field<Boolean> flag(String key, boolean usual) {
        return new Field<>(key, Kind.SWITCH, usual);
    }

    /** One that people see only while a condition holds; it keeps its value meanwhile. */
    Field<T> shownWhile(ObservableValue<Boolean> condition) {
        shown = condition;
        return this;
    }

    /** The part of the texts' keys and of the editor's id that is the field's own. */
    public String key() {
        return key;
    }

    Kind kind() {
        return kind;
    }

    /** What it is called. */
    String name() {
        return texts.name();
    }

    /** What it means. */
    String tip() {
        return texts.tip();
    }

    /** Returns a value of a choice in words. */
    String written(T chosen) {
        return words == null ? String.valueOf(chosen) : words.write(chosen);
    }

    /** Returns the text that stands in the field while nothing is typed; may be empty. */
    String prompt() {
        return texts.prompt();
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
        mistake.set(check.apply(value.get()));
        if (words != null && !typing) {
            typed.set(words.write(value.get()));
        }
    }

    /** The modules of a model. */
    static Field<List<String>> modules(String key) {
        return new Field<>(key, Kind.MODULES, List.of());
    }

    @Override
    public String toString() {
        return "%s=%s".formatted(key.toLowerCase(Locale.ROOT), value.get());
    }
}
