package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.controlsfx.control.CheckComboBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.lora.Bias;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.LearningRateScheduler;

/**
 * Creates the controls that edit fields.
 *
 * @param model model whose modules can be chosen
 */
record FieldEditors(ObservableValue<@Nullable OpenModel> model, TrainingView.Choosers choosers) {

    private static final PseudoClass WRONG = PseudoClass.getPseudoClass("error");

    /** Returns the control of a field, with its id, its name for screen readers and its tooltip. */
    @SuppressWarnings("unchecked") // the kind says what the field holds
    Node editor(Field<?> field) {
        Node node =
                switch (field.kind()) {
                    case LINE -> line(field);
                    case CHOICE -> choice((Field<Object>) field);
                    case SWITCH -> flag((Field<Boolean>) field);
                    case MODULES -> modules((Field<List<String>>) field);
                    case FILE -> file(field, choosers.dataFile());
                    case FOLDER -> file(field, choosers.adapterFolder());
                };
        node.setId("field-" + field.key());
        node.setAccessibleText(field.name());
        node.setAccessibleHelp(field.tip());
        return node;
    }

    private static TextField line(Field<?> field) {
        TextField line = new TextField(field.typedProperty().get());
        line.setPromptText(field.prompt());
        Tooltips.set(line, field.tip());
        line.textProperty().addListener((typed, was, is) -> {
            if (!is.equals(field.typedProperty().get())) {
                field.type(is);
            }
        });
        field.typedProperty().addListener((typed, was, is) -> {
            if (!is.equals(line.getText())) {
                line.setText(is);
            }
        });
        field.mistakeProperty().subscribe(mistake -> line.pseudoClassStateChanged(WRONG, !mistake.isEmpty()));
        return line;
    }

    private static ChoiceBox<Object> choice(Field<Object> field) {
        ChoiceBox<Object> box = new ChoiceBox<>();
        box.getItems()
                .setAll(Arrays.asList(
                        ((Enum<?>) field.get()).getDeclaringClass().getEnumConstants()));
        box.setMaxWidth(Double.MAX_VALUE);
        Tooltips.set(box, field.tip());
        box.setConverter(Nodes.words(chosen -> {
            if (chosen instanceof LearningRateScheduler schedule) {
                return text("training.scheduler." + schedule.id());
            }
            return chosen instanceof Bias bias ? text("training.bias." + bias.id()) : field.written(chosen);
        }));
        box.valueProperty().bindBidirectional(field.valueProperty());
        return box;
    }

    private static CheckBox flag(Field<Boolean> field) {
        CheckBox box = new CheckBox();
        Tooltips.set(box, field.tip());
        ObjectProperty<Boolean> value = field.valueProperty();
        value.subscribe(box::setSelected);
        box.selectedProperty().addListener((selected, was, is) -> value.set(is));
        return box;
    }

    private Node modules(Field<List<String>> field) {
        CheckComboBox<String> combo = new CheckComboBox<>();
        combo.setMaxWidth(Double.MAX_VALUE);
        Tooltips.set(combo, field.tip());
        boolean[] showing = {false};
        Runnable show = () -> {
            showing[0] = true;
            combo.getCheckModel().clearChecks();
            combo.getItems().setAll(modules());
            field.get().stream().filter(combo.getItems()::contains).forEach(combo.getCheckModel()::check);
            combo.setTitle(title(field.get()));
            showing[0] = false;
        };
        show.run();
        model.addListener((observable, was, is) -> show.run());
        combo.getCheckModel().getCheckedItems().addListener((ListChangeListener<String>) change -> {
            if (!showing[0]) {
                field.set(List.copyOf(combo.getCheckModel().getCheckedItems()));
            }
        });
        field.valueProperty().addListener((value, was, is) -> {
            if (is.equals(combo.getCheckModel().getCheckedItems())) {
                combo.setTitle(title(is));
            } else {
                show.run();
            }
        });
        return combo;
    }

    private List<String> modules() {
        OpenModel open = model.getValue();
        return open == null ? List.of() : open.card().linearModules();
    }

    private String title(List<String> chosen) {
        OpenModel open = model.getValue();
        if (!chosen.isEmpty()) {
            return NumberTexts.list(chosen);
        }
        return open == null || open.card().targetModules().isEmpty()
                ? text("training.modules.usual")
                : text("training.modules.usual.of", NumberTexts.list(open.card().targetModules()));
    }

    private static Node file(Field<?> field, Supplier<Optional<Path>> choose) {
        TextField line = line(field);
        line.setAccessibleText(field.name());
        HBox.setHgrow(line, Priority.ALWAYS);
        return new HBox(
                line,
                Nodes.iconButton(
                        "choose-" + field.key(),
                        Material2OutlinedAL.FOLDER_OPEN,
                        text(
                                field.kind() == Field.Kind.FOLDER ? "training.folder.choose" : "training.file.choose",
                                field.name()),
                        () -> choose.get().ifPresent(file -> field.type(file.toString()))));
    }
}
