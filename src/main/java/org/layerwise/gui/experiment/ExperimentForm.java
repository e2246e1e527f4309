package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.Observable;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Decimals;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.ExperimentFolder;
import org.layerwise.study.experiment.ExperimentSettings;
import org.layerwise.study.experiment.Pilot;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;

/** Form with what an experiment adds to the settings of an analysis and a training. */
public final class ExperimentForm {

    private static final Comparator<Arm> ORDER = Comparator.comparingInt(ExperimentForm::place);

    private final ReadOnlyObjectWrapper<List<Arm>> arms = new ReadOnlyObjectWrapper<>(Arm.USUAL);
    private final DoubleProperty ratio;
    private final IntegerProperty seeds = new SimpleIntegerProperty(ExperimentSettings.DEFAULT_SEEDS);
    private final IntegerProperty pilotSeeds = new SimpleIntegerProperty(Pilot.LEAST_SEEDS + 1);
    private final StringProperty rates = new SimpleStringProperty("");
    private final StringProperty difference = new SimpleStringProperty("");
    private final ObjectProperty<Optional<SweepRule>> sweep = new SimpleObjectProperty<>(Optional.empty());
    private final ObjectProperty<Stopping> stopping = new SimpleObjectProperty<>(ExperimentRules.DEFAULTS.stopping());
    private final StringProperty folder = new SimpleStringProperty("");

    /** @param ratio share of the layers, which the selection determines */
    public ExperimentForm(DoubleProperty ratio) {
        this.ratio = ratio;
    }

    private static int place(Arm arm) {
        return Arm.BASES.stream().map(Arm::choice).toList().indexOf(arm.choice());
    }

    /** Arms to compare, in the order in which users see them. */
    ReadOnlyObjectProperty<List<Arm>> armsProperty() {
        return arms.getReadOnlyProperty();
    }

    /** Adds an arm to the comparison, or takes it away. */
    void ask(Arm arm, boolean wanted) {
        List<Arm> now = new ArrayList<>(arms.get());
        now.remove(arm);
        if (wanted) {
            now.add(arm);
        }
        now.sort(ORDER); // stable: variants stay in the order in which they were chosen
        arms.set(List.copyOf(now));
    }

    /** Share of the layers that get adapters; that of the selection. */
    DoubleProperty ratioProperty() {
        return ratio;
    }

    /** Number of final runs per arm. */
    IntegerProperty seedsProperty() {
        return seeds;
    }

    /** Number of seeds of a pilot. */
    IntegerProperty pilotSeedsProperty() {
        return pilotSeeds;
    }

    /** Typed learning rates, separated by commas or spaces; blank for that of the training. */
    StringProperty ratesProperty() {
        return rates;
    }

    /** Typed difference that matters; blank for none. */
    StringProperty differenceProperty() {
        return difference;
    }

    /** Choice among learning rates; empty for the default. */
    ObjectProperty<Optional<SweepRule>> sweepProperty() {
        return sweep;
    }

    /** Rule by which arms stop early. */
    ObjectProperty<Stopping> stoppingProperty() {
        return stopping;
    }

    /** Folder of the experiment; blank for a new one. */
    StringProperty folderProperty() {
        return folder;
    }

    /**
     * Returns the folder of the experiment; empty for a new one.
     *
     * @throws UserException if the text is no path
     */
    Optional<Path> folder() {
        String typed = folder.get().strip();
        try {
            return typed.isEmpty() ? Optional.empty() : Optional.of(Path.of(typed));
        } catch (InvalidPathException e) {
            throw new UserException(text("experiment.folder.no.path", typed), e);
        }
    }

    /** Returns all values that determine an experiment. */
    List<Observable> parts() {
        List<Observable> parts = new ArrayList<>(own());
        parts.addAll(List.of(ratio, folder));
        return parts;
    }

    /** Returns the values that {@link #content} has. */
    public List<Observable> own() {
        return List.of(arms, seeds, pilotSeeds, rates, difference, sweep, stopping);
    }

    /**
     * Values of the form as users chose and typed them, without the ratio, which belongs to the selection, and the
     * folder, which a start fills in.
     */
    public record Content(
            List<Arm> arms,
            int seeds,
            int pilotSeeds,
            String rates,
            String difference,
            Optional<SweepRule> sweep,
            Stopping stopping) {}

    /** Returns the values of the form, which need not be valid. */
    public Content content() {
        return new Content(
                arms.get(), seeds.get(), pilotSeeds.get(), rates.get(), difference.get(), sweep.get(), stopping.get());
    }

    /** Shows values. */
    public void show(Content content) {
        arms.set(content.arms());
        seeds.set(content.seeds());
        pilotSeeds.set(content.pilotSeeds());
        rates.set(content.rates());
        difference.set(content.difference());
        sweep.set(content.sweep());
        stopping.set(content.stopping());
    }

    /**
     * Returns the learning rates.
     *
     * @param single learning rate of the training, if none is typed
     * @throws UserException if the text has no numbers above 0, or one of them twice
     */
    List<Double> rates(double single) {
        String name = text("experiment.rates");
        List<Double> typed = words(rates.get()).map(word -> number(name, word)).toList();
        if (typed.stream().distinct().count() < typed.size()) {
            throw new UserException(text("experiment.rates.twice"));
        }
        return typed.isEmpty() ? List.of(single) : typed;
    }

    /** @throws UserException if the difference is no number above 0 */
    ExperimentRules rules() {
        String typed = difference.get().strip();
        return new ExperimentRules(
                sweep.get().orElse(null),
                stopping.get(),
                typed.isEmpty() ? null : (Double) number(text("experiment.difference"), typed));
    }

    private static Stream<String> words(String typed) {
        return Stream.of(typed.split("[,;\\s]+")).filter(word -> !word.isEmpty());
    }

    private static double number(String name, String typed) {
        double value;
        try {
            value = Double.parseDouble(typed);
        } catch (NumberFormatException e) {
            throw new UserException(text("experiment.number", name, typed), e);
        }
        Limits.aboveZeroWithinReason(name, value);
        return value;
    }

    /** Shows the choices of an experiment that was begun earlier. */
    void show(ExperimentFolder.Choices choices) {
        ExperimentRules rules = choices.rules();
        @Nullable Double matters = rules.difference();
        show(new Content(
                choices.arms(),
                choices.seeds(),
                pilotSeeds.get(),
                choices.rates().stream().map(Decimals::shortest).collect(Collectors.joining(", ")),
                matters == null ? "" : Decimals.shortest(matters),
                Optional.ofNullable(rules.sweep()),
                rules.stopping()));
    }
}
