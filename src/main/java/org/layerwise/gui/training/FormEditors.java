package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.util.Callback;
import javafx.util.StringConverter;
import org.controlsfx.control.CheckComboBox;
import org.controlsfx.control.PropertySheet;
import org.controlsfx.property.editor.AbstractPropertyEditor;
import org.controlsfx.property.editor.PropertyEditor;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.text.Figures;
import org.layerwise.training.Scheduler;

/** Makes the editors of the training form. */
final class FormEditors implements Callback<PropertySheet.Item, PropertyEditor<?>> {

    private static final PseudoClass WRONG = PseudoClass.getPseudoClass("error");

    private final Supplier<List<String>> modules;
    private final Supplier<List<String>> usual;
    private final Supplier<Optional<Path>> chooseFile;

    /**
     * @param modules the names that target modules can have in the open model
     * @param usual those of them that are meant when none is chosen
     * @param chooseFile asks for a data file
     */
    FormEditors(Supplier<List<String>> modules, Supplier<List<String>> usual, Supplier<Optional<Path>> chooseFile) {
        this.modules = modules;
        this.usual = usual;
        this.chooseFile = chooseFile;
    }

    @Override
    public PropertyEditor<?> call(PropertySheet.Item item) {
        FormItem<?> field = (FormItem<?>) item;
        PropertyEditor<?> editor =
                switch (field.kind()) {
                    case WHOLE, REAL -> new NumberEditor(field);
                    case CHOICE -> new ChoiceEditor(field);
                    case MODULES -> new ModulesEditor(field, modules.get(), usual.get());
                    case FILE -> new FileEditor(field, chooseFile);
                };
        Node node = editor.getEditor();
        node.setId("field-" + field.key());
        node.setAccessibleText(item.getName());
        return editor;
    }

    /** A number as it is usually written: 0.001, not 1.0E-3. */
    static String plain(Number number) {
        if (number instanceof Integer) {
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

    /** Reads a number; empty if it is none. */
    static Optional<Number> number(String typed, boolean whole) {
        try {
            String digits = typed.strip();
            return Optional.of(whole ? (Number) Integer.valueOf(digits) : (Number) Double.valueOf(digits))
                    .filter(number -> Double.isFinite(number.doubleValue()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static final class NumberEditor extends AbstractPropertyEditor<Number, TextField> {

        private final SimpleObjectProperty<Number> value;
        private final boolean whole;

        NumberEditor(FormItem<?> item) {
            super(item, new TextField());
            whole = item.kind() == FormItem.Kind.WHOLE;
            value = new SimpleObjectProperty<>((Number) item.getValue());
            TextField field = getEditor();
            field.textProperty().addListener((typed, was, is) -> {
                Optional<Number> read = number(is, whole);
                field.pseudoClassStateChanged(WRONG, read.isEmpty());
                read.filter(number -> !number.equals(value.get())).ifPresent(value::set);
            });
            // what cannot be read gives way to the value that counts
            field.focusedProperty().addListener((focus, was, is) -> {
                if (!is) {
                    field.setText(plain(value.get()));
                }
            });
            value.addListener((number, was, is) -> item.setValue(is));
        }

        @Override
        protected ObservableValue<Number> getObservableValue() {
            return value == null ? new SimpleObjectProperty<>() : value; // asked for before it is made
        }

        @Override
        public void setValue(Number number) {
            value.set(number);
            if (!number(getEditor().getText(), whole).filter(number::equals).isPresent()) {
                getEditor().setText(plain(number));
            }
        }
    }

    private static final class ChoiceEditor extends AbstractPropertyEditor<Object, ChoiceBox<Object>> {

        ChoiceEditor(FormItem<?> item) {
            super(item, new ChoiceBox<>());
            getEditor().getItems().setAll(Arrays.asList(item.getType().getEnumConstants()));
            getEditor().setMaxWidth(Double.MAX_VALUE);
            getEditor().setConverter(new StringConverter<>() {
                @Override
                public String toString(Object choice) {
                    return choice instanceof Scheduler schedule
                            ? text("training.scheduler." + schedule.id())
                            : String.valueOf(choice);
                }

                @Override
                public Object fromString(String words) {
                    throw new UnsupportedOperationException("a choice box is not typed into");
                }
            });
        }

        @Override
        protected ObservableValue<Object> getObservableValue() {
            return getEditor().valueProperty();
        }

        @Override
        public void setValue(Object choice) {
            getEditor().setValue(choice);
        }
    }

    private static final class ModulesEditor extends AbstractPropertyEditor<Object, CheckComboBox<String>> {

        private final SimpleObjectProperty<Object> value = new SimpleObjectProperty<>(List.of());
        private final FormItem<?> item;
        private final List<String> usual;
        private boolean setting;

        ModulesEditor(FormItem<?> item, List<String> modules, List<String> usual) {
            super(item, new CheckComboBox<>());
            this.item = item;
            this.usual = usual;
            CheckComboBox<String> combo = getEditor();
            combo.setMaxWidth(Double.MAX_VALUE);
            combo.getItems().setAll(modules);
            if (!usual.isEmpty()) {
                combo.setTooltip(new Tooltip(text("training.modules.usual.of", Figures.list(usual))));
            }
            title();
            combo.getCheckModel().getCheckedItems().addListener((ListChangeListener<String>) change -> checked());
        }

        private void checked() {
            if (!setting) {
                List<String> checked = List.copyOf(getEditor().getCheckModel().getCheckedItems());
                value.set(checked);
                item.setValue(checked);
                title();
            }
        }

        private void title() {
            String words = usual.isEmpty()
                    ? text("training.modules.usual")
                    : text("training.modules.usual.of", Figures.list(usual));
            getEditor().setTitle(((List<?>) value.get()).isEmpty() ? words : null);
        }

        @Override
        protected ObservableValue<Object> getObservableValue() {
            return value == null ? new SimpleObjectProperty<>() : value; // asked for before it is made
        }

        @Override
        public void setValue(Object chosen) {
            if (value != null && chosen instanceof List<?> names && !names.equals(value.get())) {
                value.set(chosen);
                setting = true;
                getEditor().getCheckModel().clearChecks();
                names.forEach(name -> getEditor().getCheckModel().check(String.valueOf(name)));
                setting = false;
                title();
            }
        }
    }

    private static final class FileEditor extends AbstractPropertyEditor<String, HBox> {

        private final TextField field = new TextField();

        FileEditor(FormItem<?> item, Supplier<Optional<Path>> choose) {
            super(item, new HBox());
            field.setPromptText(text("training.file.none"));
            HBox.setHgrow(field, Priority.ALWAYS);
            field.textProperty().addListener((typed, was, is) -> item.setValue(is));
            getEditor()
                    .getChildren()
                    .setAll(
                            field,
                            Nodes.iconButton(
                                    "choose-" + item.key(),
                                    Material2OutlinedAL.FOLDER_OPEN,
                                    text("training.file.choose"),
                                    () -> choose.get().ifPresent(file -> field.setText(file.toString()))));
        }

        @Override
        protected ObservableValue<String> getObservableValue() {
            return field == null ? new SimpleObjectProperty<>() : field.textProperty(); // asked for before it is made
        }

        @Override
        public void setValue(String path) {
            if (!path.equals(field.getText())) {
                field.setText(path);
            }
        }
    }
}
