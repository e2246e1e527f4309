package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

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
import org.layerwise.base.setting.Setting;
import org.layerwise.gui.common.Messages;
import org.layerwise.gui.session.UndoHistory;

/**
 * A setting in a form: its value, the text that the user has typed, and the error in that text. Name and explanation
 * come from the window's texts or from the setting. Independent of JavaFX controls.
 *
 * @param <T> type of the value; if it is nullable, null stands for an empty field
 */
public final class Field<T extends @Nullable Object> {

    /** Kind of control that edits a field. */
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
    private final @Nullable Converter<T> words;
    private final ObjectProperty<T> value;
    private final ReadOnlyStringWrapper typed = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");
    private ObservableValue<Boolean> shown = new SimpleObjectProperty<>(true);
    private boolean typing;

    /** Texts of a field; an empty prompt stands for no prompt. */
    private record Texts(String name, String tip, String prompt) {

        /** Returns the texts of a field from the texts of the window. */
        static Texts of(String key) {
            String prompt = "training.prompt." + key;
            return new Texts(
                    text("training.field." + key),
                    text("training.tip." + key),
                    Messages.has(prompt) ? text(prompt) : "");
        }

        static Texts of(Setting<?> setting) {
            return new Texts(setting.title(), setting.help(), setting.prompt());
        }
    }

    /** Conversion between the value of a field and typed text. */
    private interface Converter<T extends @Nullable Object> {

        /** Returns the text of a value. */
        String write(T value);

        /** @throws UserException with the error in one sentence, if the text is invalid */
        T read(String typed);

        /** Returns the conversion for a setting; if the setting has no default, blank text is null. */
        @SuppressWarnings("NullAway") // it does not follow type arguments that may be null
        static <T> Converter<@Nullable T> of(Setting<T> setting) {
            return new Converter<>() {
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
    }

    /** Creates a field that does not belong to a single setting and has no text to type. */
    private Field(String key, Kind kind, T usual) {
        this(key, kind, Texts.of(key), usual, value -> "", null);
    }

    private Field(
            String key, Kind kind, Texts texts, T usual, Function<T, String> check, @Nullable Converter<T> words) {
        this.key = key;
        this.kind = kind;
        this.texts = texts;
        this.usual = usual;
        this.check = check;
        this.words = words;
        value = new SimpleObjectProperty<>(usual);
        value.addListener((observable, was, is) -> validate());
        validate();
    }

    /**
     * Returns the field of a setting.
     *
     * @return field whose value is null while nothing is typed, if the setting has no default
     */
    @SuppressWarnings("NullAway") // it does not follow type arguments that may be null
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
                kind == Kind.SWITCH ? null : Converter.of(setting));
    }

    private static <T> String mistake(Setting<T> setting, @Nullable T value) {
        return value == null ? "" : UserException.messageOf(() -> setting.require(setting.title(), value));
    }

    /** Creates a field for a choice between the values of an enum. */
    static <E extends Enum<E>> Field<E> choice(String key, E usual) {
        return new Field<>(key, Kind.CHOICE, usual);
    }

    /** Creates a field that is on or off. */
    static Field<Boolean> flag(String key, boolean usual) {
        return new Field<>(key, Kind.SWITCH, usual);
    }

    /** Shows this field only while a condition holds. A hidden field keeps its value. */
    Field<T> shownWhile(ObservableValue<Boolean> condition) {
        shown = condition;
        return this;
    }

    /** Returns the key of the field, which is part of the keys of its texts and of the id of its control. */
    public String key() {
        return key;
    }

    Kind kind() {
        return kind;
    }

    /** Returns the name of the field. */
    String name() {
        return texts.name();
    }

    /** Returns the explanation of the field. */
    String tip() {
        return texts.tip();
    }

    /** Returns the text of a choice. */
    String written(T chosen) {
        return words == null ? String.valueOf(chosen) : words.write(chosen);
    }

    /** Returns the text to show while nothing is typed; may be empty. */
    String prompt() {
        return texts.prompt();
    }

    /** Last valid value. */
    public ObjectProperty<T> valueProperty() {
        return value;
    }

    /** Returns the last valid value. */
    public T get() {
        return value.get();
    }

    /** Sets the value and the text in the field. */
    public void set(T other) {
        value.set(other);
        validate(); // also if the value is unchanged, because invalid text may be in the field
    }

    /** Records the changes of this field in the undo history. */
    public void follow(UndoHistory history) {
        history.follow(this, name(), this::get, this::set, value);
    }

    /** Text in the field. */
    ReadOnlyStringProperty typedProperty() {
        return typed.getReadOnlyProperty();
    }

    /** Error in the field, in one sentence; empty if the value is valid. */
    public ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Observable value that is true while the field is visible. */
    ObservableValue<Boolean> shownProperty() {
        return shown;
    }

    /** Returns true if the value differs from the default. */
    boolean changed() {
        return !Objects.equals(value.get(), usual);
    }

    /**
     * Reads typed text: sets the value or, if the text is invalid, the error and keeps the value.
     *
     * @throws IllegalStateException if this field has no text to type
     */
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
            validate();
        } finally {
            typing = false;
        }
    }

    private void validate() {
        mistake.set(check.apply(value.get()));
        if (words != null && !typing) {
            typed.set(words.write(value.get()));
        }
    }

    /** Creates a field for modules of the model. */
    static Field<List<String>> modules(String key) {
        return new Field<>(key, Kind.MODULES, List.of());
    }

    @Override
    public String toString() {
        return "%s=%s".formatted(key.toLowerCase(Locale.ROOT), value.get());
    }
}
