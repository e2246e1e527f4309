package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.Property;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import org.layerwise.gui.control.Spinners;
import org.layerwise.study.AdapterSettings;
import org.layerwise.study.OptimiserSettings;
import org.layerwise.study.TrainingSettings;
import org.layerwise.training.Scheduler;

/** The training's settings as the form holds them, with the same defaults as the command line. */
public final class TrainingForm {

    /** Rows a step, as the command line's default. */
    public static final int DEFAULT_BATCH = 16;

    private final TrainingSettings defaults = TrainingSettings.defaults();
    private final ObjectProperty<TaskChoice> task = new SimpleObjectProperty<>(TaskChoice.AUTO);
    private final ObjectProperty<List<String>> targetModules = new SimpleObjectProperty<>(List.of());
    private final IntegerProperty rank =
            new SimpleIntegerProperty(defaults.adapter().rank());
    private final DoubleProperty alpha =
            new SimpleDoubleProperty(defaults.adapter().alpha());
    private final DoubleProperty dropout =
            new SimpleDoubleProperty(defaults.adapter().dropout());
    private final DoubleProperty learningRate =
            new SimpleDoubleProperty(defaults.optimiser().learningRate());
    private final ObjectProperty<Scheduler> scheduler =
            new SimpleObjectProperty<>(defaults.optimiser().scheduler());
    private final DoubleProperty warmupRatio = new SimpleDoubleProperty(
            Optional.ofNullable(defaults.optimiser().warmupRatio()).orElse(0.0));
    private final DoubleProperty weightDecay =
            new SimpleDoubleProperty(defaults.optimiser().weightDecay());
    private final DoubleProperty epochs =
            new SimpleDoubleProperty(defaults.optimiser().epochs());
    private final IntegerProperty batch = new SimpleIntegerProperty(DEFAULT_BATCH);
    private final IntegerProperty accumulate =
            new SimpleIntegerProperty(defaults.optimiser().accumulate());
    private final DoubleProperty maxGradNorm =
            new SimpleDoubleProperty(defaults.optimiser().maxGradNorm());
    private final IntegerProperty seed = new SimpleIntegerProperty((int) defaults.seed());
    private final StringProperty validation = new SimpleStringProperty("");
    private final ObjectProperty<VariantChoice> variant =
            new SimpleObjectProperty<>(VariantChoice.of(defaults.adapter().variant()));
    private final ObservableValue<Integer> rankValue = rank.asObject();

    public ObjectProperty<TaskChoice> taskProperty() {
        return task;
    }

    /** What gets adapters in a selected layer; empty for the family's default. */
    public ObjectProperty<List<String>> targetModulesProperty() {
        return targetModules;
    }

    public IntegerProperty rankProperty() {
        return rank;
    }

    /** The rank as an object, for whoever counts parameters. */
    public ObservableValue<Integer> rankValue() {
        return rankValue;
    }

    public DoubleProperty alphaProperty() {
        return alpha;
    }

    /** Dropout of LoRA's input. */
    public DoubleProperty dropoutProperty() {
        return dropout;
    }

    public DoubleProperty learningRateProperty() {
        return learningRate;
    }

    public ObjectProperty<Scheduler> schedulerProperty() {
        return scheduler;
    }

    public DoubleProperty warmupRatioProperty() {
        return warmupRatio;
    }

    public DoubleProperty weightDecayProperty() {
        return weightDecay;
    }

    public DoubleProperty epochsProperty() {
        return epochs;
    }

    /** Rows a step. */
    public IntegerProperty batchProperty() {
        return batch;
    }

    /** Batches a step. */
    public IntegerProperty accumulateProperty() {
        return accumulate;
    }

    /** What the gradient is clipped to; 0 for not at all. */
    public DoubleProperty maxGradNormProperty() {
        return maxGradNorm;
    }

    public IntegerProperty seedProperty() {
        return seed;
    }

    /** A file with held-out rows; empty for none, or a sample task's own. */
    public StringProperty validationProperty() {
        return validation;
    }

    /** Kind of LoRA. */
    public ObjectProperty<VariantChoice> variantProperty() {
        return variant;
    }

    /** Takes all settings that there are fields for, but the layers. */
    public void fill(TrainingSettings settings, int rowsABatch) {
        task.set(TaskChoice.of(settings.task()));
        validation.set(settings.validation() == null ? "" : settings.validation());
        targetModules.set(
                settings.adapter().targetModules() == null
                        ? List.of()
                        : settings.adapter().targetModules());
        rank.set(settings.adapter().rank());
        alpha.set(settings.adapter().alpha());
        dropout.set(settings.adapter().dropout());
        learningRate.set(settings.optimiser().learningRate());
        scheduler.set(settings.optimiser().scheduler());
        warmupRatio.set(
                settings.optimiser().warmupRatio() == null
                        ? 0
                        : settings.optimiser().warmupRatio());
        weightDecay.set(settings.optimiser().weightDecay());
        epochs.set(settings.optimiser().epochs());
        batch.set(rowsABatch);
        accumulate.set(settings.optimiser().accumulate());
        maxGradNorm.set(settings.optimiser().maxGradNorm());
        if (Spinners.holds(settings.seed())) {
            seed.set((int) settings.seed());
        }
        variant.set(VariantChoice.of(settings.adapter().variant()));
    }

    /** All fields, to listen to. */
    public List<Property<?>> fields() {
        return List.of(
                task,
                targetModules,
                rank,
                alpha,
                dropout,
                learningRate,
                scheduler,
                warmupRatio,
                weightDecay,
                epochs,
                batch,
                accumulate,
                maxGradNorm,
                seed,
                validation,
                variant);
    }

    /** What is wrong with the settings, in one sentence; empty if nothing is. */
    public Optional<String> mistake() {
        if (rank.get() < 1) {
            return Optional.of(text("training.mistake.rank"));
        }
        if (!(alpha.get() > 0)) {
            return Optional.of(text("training.mistake.alpha"));
        }
        if (!(dropout.get() >= 0 && dropout.get() < 1)) {
            return Optional.of(text("training.mistake.dropout"));
        }
        if (!(learningRate.get() > 0)) {
            return Optional.of(text("training.mistake.rate"));
        }
        if (!(warmupRatio.get() >= 0 && warmupRatio.get() <= 1)) {
            return Optional.of(text("training.mistake.warmup"));
        }
        if (!(epochs.get() > 0)) {
            return Optional.of(text("training.mistake.epochs"));
        }
        if (batch.get() < 1 || accumulate.get() < 1) {
            return Optional.of(text("training.mistake.batch"));
        }
        return weightDecay.get() < 0 || maxGradNorm.get() < 0
                ? Optional.of(text("training.mistake.negative"))
                : Optional.empty();
    }

    /** Optimiser steps that so many rows take. */
    public long steps(int rows) {
        long rowsAStep = (long) batch.get() * accumulate.get();
        return (long) Math.ceil(epochs.get() * Math.max(1, Math.ceil((double) rows / rowsAStep)));
    }

    /** The settings as `study` takes them. */
    public TrainingSettings settings(SortedSet<Integer> layers) {
        AdapterSettings adapter = defaults.adapter()
                .withLayers(layers)
                .withTargetModules(targetModules.get().isEmpty() ? null : targetModules.get())
                .withRank(rank.get(), alpha.get())
                .withDropout(dropout.get())
                .withVariant(variant.get().variant());
        OptimiserSettings usual = defaults.optimiser();
        OptimiserSettings optimiser = new OptimiserSettings(
                learningRate.get(),
                usual.loraPlusRatio(),
                scheduler.get(),
                usual.shape(),
                warmupRatio.get(),
                usual.warmupSteps(),
                weightDecay.get(),
                epochs.get(),
                usual.steps(),
                accumulate.get(),
                usual.byLength(),
                maxGradNorm.get(),
                usual.labelSmoothing(),
                usual.modelDropout());
        return new TrainingSettings(
                task.get().kind(),
                validation.get().isBlank() ? null : validation.get().strip(),
                defaults.test(),
                adapter,
                optimiser,
                defaults.run(),
                seed.get());
    }
}
