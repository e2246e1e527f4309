package org.layerwise.gui.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.gui.control.Spinners;
import org.layerwise.study.AnalysisSettings;

/** What the next analysis will compute. */
public final class AnalysisForm {

    /** Replicates of the bootstrap when nothing else is chosen. */
    public static final int USUAL_REPLICATES = 1000;

    /** Permutations of the baseline when nothing else is chosen. */
    public static final int USUAL_PERMUTATIONS = 100;

    private final ObjectProperty<@Nullable Position> position = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<List<Measure>> measures =
            new ReadOnlyObjectWrapper<>(AnalysisSettings.defaults().measures());
    private final BooleanProperty resample = new SimpleBooleanProperty();
    private final IntegerProperty replicates = new SimpleIntegerProperty(USUAL_REPLICATES);
    private final IntegerProperty permutations = new SimpleIntegerProperty(USUAL_PERMUTATIONS);
    private final IntegerProperty seed = new SimpleIntegerProperty((int) AnalysisSettings.DEFAULT_SEED);
    private final ObjectProperty<MeasureOptions> options = new SimpleObjectProperty<>(MeasureOptions.DEFAULTS);
    private AnalysisSettings others = AnalysisSettings.defaults();

    /** The token whose vector stands for an example; null for the family's default. */
    public ObjectProperty<@Nullable Position> positionProperty() {
        return position;
    }

    /** The measures, at least one; layers are ranked by the first until another one is looked at. */
    public ReadOnlyObjectProperty<List<Measure>> measuresProperty() {
        return measures.getReadOnlyProperty();
    }

    /** Adds a measure behind the others, or takes it out unless it is the only one. */
    public void ask(Measure measure, boolean wanted) {
        List<Measure> now = new ArrayList<>(measures.get());
        if (wanted == now.contains(measure)) {
            return;
        }
        if (wanted) {
            now.add(measure);
            now.subList(1, now.size()).sort(Comparator.naturalOrder());
        } else if (now.size() > 1) {
            now.remove(measure);
        }
        measures.set(List.copyOf(now));
    }

    /** Ranks layers by one of the measures. */
    public void rankBy(Measure measure) {
        List<Measure> now = new ArrayList<>(measures.get());
        if (measure == now.get(0)) {
            return;
        }
        now.remove(measure);
        now.sort(Comparator.naturalOrder());
        now.add(0, measure);
        measures.set(List.copyOf(now));
    }

    /** Whether an analysis also says how far it can be trusted: by bootstrap, and against unrelated data. */
    public BooleanProperty resampleProperty() {
        return resample;
    }

    /** How often the bootstrap draws the examples anew. */
    public IntegerProperty replicatesProperty() {
        return replicates;
    }

    /** How many permutations stand for unrelated data; 0 for no baseline. */
    public IntegerProperty permutationsProperty() {
        return permutations;
    }

    /** Of everything that is drawn. */
    public IntegerProperty seedProperty() {
        return seed;
    }

    /** What measures are set to. */
    public ObjectProperty<MeasureOptions> optionsProperty() {
        return options;
    }

    /** All settings, to listen to. */
    public List<Observable> parts() {
        return List.of(position, measures.getReadOnlyProperty(), resample, replicates, permutations, seed, options);
    }

    /** Everything, as an analysis takes it. */
    public AnalysisSettings settings() {
        return new AnalysisSettings(
                position.get(),
                others.ratio(),
                others.undefined(),
                others.name(),
                measures.get(),
                options.get(),
                resample.get() ? replicates.get() : 0,
                resample.get() ? permutations.get() : 0,
                seed.get());
    }

    /** Shows settings from elsewhere, such as a file. */
    public void take(AnalysisSettings settings) {
        others = settings;
        position.set(settings.position());
        measures.set(settings.measures());
        options.set(settings.options());
        resample.set(settings.bootstrap() > 0 || settings.permutations() > 0);
        if (resample.get()) {
            replicates.set(settings.bootstrap());
            permutations.set(settings.permutations());
        }
        if (Spinners.holds(settings.seed())) {
            seed.set((int) settings.seed());
        }
    }
}
