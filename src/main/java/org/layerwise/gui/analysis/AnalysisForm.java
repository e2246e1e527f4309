package org.layerwise.gui.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.LongProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleLongProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.adapter.AdapterNorm;
import org.layerwise.analysis.adapter.AdapterRank;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.settings.AnalysisSettings;

/** Settings of the next analysis. */
public final class AnalysisForm {

    /** Default number of bootstrap replicates. */
    public static final int USUAL_REPLICATES = 1000;

    /** Default number of permutations for the baseline. */
    public static final int USUAL_PERMUTATIONS = 100;

    private final ObjectProperty<@Nullable Position> position = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<List<Measure>> measures =
            new ReadOnlyObjectWrapper<>(AnalysisSettings.defaults().measures());
    private final ReadOnlyObjectWrapper<@Nullable Path> adapter = new ReadOnlyObjectWrapper<>();
    private final BooleanProperty resample = new SimpleBooleanProperty();
    private final IntegerProperty replicates = new SimpleIntegerProperty(USUAL_REPLICATES);
    private final IntegerProperty permutations = new SimpleIntegerProperty(USUAL_PERMUTATIONS);
    private final LongProperty seed = new SimpleLongProperty(AnalysisSettings.DEFAULT_SEED);
    private final ObjectProperty<MeasureOptions> options = new SimpleObjectProperty<>(MeasureOptions.DEFAULTS);
    private List<Measure> withoutAdapter = AnalysisSettings.defaults().measures();
    private AnalysisSettings others = AnalysisSettings.defaults();
    private DoubleSupplier ratio = () -> others.ratio();
    private Supplier<UndefinedLayers> undefined = () -> others.undefined();

    /**
     * Lets each analysis propose layers as the selection does at its start, instead of as the last settings that
     * {@link #take} showed say.
     *
     * @param share returns the share of the layers to select, above 0 and at most 1
     * @param treatment returns the treatment of layers without importance
     */
    public void proposeBy(DoubleSupplier share, Supplier<UndefinedLayers> treatment) {
        ratio = share;
        undefined = treatment;
    }

    /** Token whose vector represents an example; null for the default of the model family. */
    public ObjectProperty<@Nullable Position> positionProperty() {
        return position;
    }

    /** Chosen measures, at least one. The first measure ranks the layers until the user displays another one. */
    public ReadOnlyObjectProperty<List<Measure>> measuresProperty() {
        return measures.getReadOnlyProperty();
    }

    /**
     * Adds a measure after the first one, or removes it unless it is the only one.
     *
     * @param wanted true to add the measure, false to remove it
     */
    public void ask(Measure measure, boolean wanted) {
        List<Measure> now = new ArrayList<>(measures.get());
        if (wanted == now.contains(measure)) {
            return;
        }
        if (wanted) {
            now.add(measure);
            now.subList(1, now.size()).sort(Measures.ORDER);
        } else if (now.size() > 1) {
            now.remove(measure);
        }
        measures.set(List.copyOf(now));
    }

    /** Makes a measure the first one, which ranks the layers. */
    public void rankBy(Measure measure) {
        List<Measure> now = new ArrayList<>(measures.get());
        if (measure == now.get(0)) {
            return;
        }
        now.remove(measure);
        now.sort(Measures.ORDER);
        now.add(0, measure);
        measures.set(List.copyOf(now));
    }

    /** Folder of the adapter that changes the model; null for the model alone. */
    public ReadOnlyObjectProperty<@Nullable Path> adapterProperty() {
        return adapter.getReadOnlyProperty();
    }

    /**
     * Sets the adapter and chooses the measures of adapters. The measures that were chosen before return with {@link #removeAdapter}.
     *
     * @param folder folder that train or HuggingFace PEFT wrote
     * @param rows true if there are rows, which some of the measures need
     */
    public void useAdapter(Path folder, boolean rows) {
        withoutAdapter = ofModel();
        adapter.set(folder);
        List<Measure> now = new ArrayList<>(List.of(AdapterNorm.MEASURE, AdapterRank.MEASURE));
        if (rows) {
            now.add(AdapterEnergy.MEASURE);
        }
        measures.set(List.copyOf(now));
    }

    /** Removes the adapter and chooses the measures that were chosen before it. */
    public void removeAdapter() {
        if (adapter.get() != null) {
            adapter.set(null);
            measures.set(withoutAdapter);
        }
    }

    /** Returns true if the chosen measures need no rows. */
    public boolean needsNoData() {
        return settings().needsNoData();
    }

    /** Property that is true if an analysis also estimates its stability, by bootstrap and against unrelated data. */
    public BooleanProperty resampleProperty() {
        return resample;
    }

    /** Number of bootstrap replicates. */
    public IntegerProperty replicatesProperty() {
        return replicates;
    }

    /** Number of permutations for the baseline of unrelated data; 0 for no baseline. */
    public IntegerProperty permutationsProperty() {
        return permutations;
    }

    /** Seed of all random draws. */
    public LongProperty seedProperty() {
        return seed;
    }

    /** Options of the measures. */
    public ObjectProperty<MeasureOptions> optionsProperty() {
        return options;
    }

    /** Returns all settings as observables. */
    public List<Observable> parts() {
        return List.of(
                position,
                measures.getReadOnlyProperty(),
                adapter.getReadOnlyProperty(),
                resample,
                replicates,
                permutations,
                seed,
                options);
    }

    /**
     * Contents of the form.
     *
     * @param adapter folder of the adapter; null for the model alone
     * @param withoutAdapter measures that return when the adapter is removed
     */
    public record Content(AnalysisSettings settings, @Nullable Path adapter, List<Measure> withoutAdapter) {}

    /** Returns the contents of the form. */
    public Content content() {
        return new Content(settings(), adapter.get(), ofModel());
    }

    /** Shows given contents. */
    public void show(Content content) {
        take(content.settings());
        withoutAdapter = content.withoutAdapter();
        adapter.set(content.adapter());
    }

    /** Returns the settings of the form. */
    public AnalysisSettings settings() {
        return settings(measures.get());
    }

    /** Returns the settings for the model alone: an adapter is chosen for an analysis and does not stay in a study. */
    public AnalysisSettings ofModelAlone() {
        return settings(ofModel());
    }

    /** Returns the measures for the model alone, which return when the adapter is removed. */
    private List<Measure> ofModel() {
        return adapter.get() == null ? measures.get() : withoutAdapter;
    }

    private AnalysisSettings settings(List<Measure> computed) {
        return new AnalysisSettings(
                position.get(),
                ratio.getAsDouble(),
                undefined.get(),
                others.name(),
                computed,
                options.get(),
                resample.get() ? replicates.get() : 0,
                resample.get() ? permutations.get() : 0,
                seed.get());
    }

    /** Shows given settings of a model alone, for example from a file. */
    public void take(AnalysisSettings settings) {
        adapter.set(null);
        others = settings;
        position.set(settings.position());
        measures.set(settings.measures());
        options.set(settings.options());
        resample.set(settings.bootstrap() > 0 || settings.permutations() > 0);
        if (resample.get()) {
            replicates.set(settings.bootstrap());
            permutations.set(settings.permutations());
        }
        seed.set(settings.seed());
    }
}
