package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.controlsfx.control.PropertySheet;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.text.Figures;
import org.layerwise.training.Scheduler;

/** The training's settings, what they will cost, and the button that starts it. */
final class FormView extends VBox {

    private final TrainingViewModel training;
    private final PropertySheet sheet = new PropertySheet();
    private final List<PropertySheet.Item> items = new ArrayList<>();

    FormView(TrainingViewModel training, Supplier<Optional<Path>> chooseFile) {
        this.training = training;
        TrainingForm form = training.form();
        items.add(FormItem.whole("rank", form.rankProperty()));
        items.add(FormItem.real("alpha", form.alphaProperty()));
        items.add(FormItem.real("rate", form.learningRateProperty()));
        items.add(FormItem.real("epochs", form.epochsProperty()));
        items.add(FormItem.whole("batch", form.batchProperty()));
        items.add(FormItem.choice("scheduler", Scheduler.class, form.schedulerProperty()));
        items.add(FormItem.real("warmup", form.warmupRatioProperty()));
        items.add(FormItem.modules("modules", form.targetModulesProperty()));
        items.add(FormItem.real("dropout", form.dropoutProperty()));
        items.add(FormItem.real("decay", form.weightDecayProperty()));
        items.add(FormItem.real("clip", form.maxGradNormProperty()));
        items.add(FormItem.whole("accumulate", form.accumulateProperty()));
        items.add(FormItem.choice("task", TaskChoice.class, form.taskProperty()));
        items.add(FormItem.file("validation", form.validationProperty()));
        items.add(FormItem.choice("variant", VariantChoice.class, form.variantProperty()));
        items.add(FormItem.whole("seed", form.seedProperty()));
        sheet.setId("training-form");
        sheet.setMode(PropertySheet.Mode.NAME);
        sheet.setModeSwitcherVisible(false);
        sheet.setSearchBoxVisible(false);
        sheet.setPropertyEditorFactory(new FormEditors(this::modules, this::usualModules, chooseFile));
        VBox.setVgrow(sheet, Priority.ALWAYS);
        training.modelProperty().addListener((observable, was, is) -> fill());
        fill();

        Label layers = Nodes.label("", "muted");
        layers.setId("training-layers");
        layers.setWrapText(true);
        layers.setMinHeight(USE_PREF_SIZE);
        layers.textProperty().bind(Bindings.createStringBinding(this::layers, training.selectionProperty()));
        Label cost = Nodes.label("", "muted", "figures");
        cost.setId("training-cost");
        cost.setWrapText(true);
        cost.setMinHeight(USE_PREF_SIZE);
        cost.textProperty().bind(training.costProperty());
        Nodes.showWhen(cost, training.costProperty().isNotEmpty());
        Label mistake = Nodes.label("", "notice");
        mistake.setId("training-mistake");
        mistake.setWrapText(true);
        mistake.setMinHeight(USE_PREF_SIZE);
        mistake.textProperty().bind(training.mistakeProperty());
        Nodes.showWhen(mistake, training.mistakeProperty().isNotEmpty());
        Label unmeasured = Nodes.label(text("training.no.validation"), "notice");
        unmeasured.setId("training-unmeasured");
        unmeasured.setWrapText(true);
        unmeasured.setMinHeight(USE_PREF_SIZE);
        Nodes.showWhen(unmeasured, training.unmeasured());
        Button train = Nodes.primary("train", text("action.train.now"), training::train);
        train.setMaxWidth(Double.MAX_VALUE);
        train.disableProperty().bind(training.ready().not());
        getStyleClass().add("page");
        getChildren()
                .setAll(
                        new VBox(Nodes.label(text("training.form"), "heading"), layers),
                        sheet,
                        cost,
                        unmeasured,
                        mistake,
                        train);
    }

    /** The sheet makes its editors anew, because the model decides what can be chosen. */
    private void fill() {
        sheet.getItems().setAll(items);
    }

    private List<String> modules() {
        LoadedModel model = training.modelProperty().get();
        return model == null ? List.of() : model.card().linearModules();
    }

    private List<String> usualModules() {
        LoadedModel model = training.modelProperty().get();
        return model == null ? List.of() : model.card().targetModules();
    }

    private String layers() {
        var selection = training.selectionProperty().getValue();
        if (selection == null || selection.layers().isEmpty()) {
            return text("training.layers.none");
        }
        return text("training.layers", selection.layers().size(), selection.of(), Figures.layers(selection.layers()));
    }
}
