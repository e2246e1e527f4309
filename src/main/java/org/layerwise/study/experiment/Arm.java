package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.model.ModuleType;
import org.layerwise.study.experiment.rules.AdapterRanks;
import org.layerwise.study.experiment.rules.LayerChoice;
import org.layerwise.study.experiment.rules.LayerChoice.Plain;

/**
 * Arm of an experiment: the layers and modules that get adapters, and their rank.
 *
 * @param choice choice of the layers, or of the ranks where these are spread
 * @param modules only modules of this type get adapters; null for all target modules
 * @param ranks ranks of the adapters; only a measure can spread them
 */
public record Arm(LayerChoice choice, @Nullable ModuleType modules, AdapterRanks ranks) {

    /** All layers, the baseline of the other arms. */
    public static final Arm ALL = of(Plain.ALL);
    /** Layers that the analysis proposes by its first measure. */
    public static final Arm SELECTED = of(Plain.SELECTED);
    /** Random layers, as many as are selected, drawn again for each seed. */
    public static final Arm RANDOM = of(Plain.RANDOM);
    /** Last layers (nearest to the output), as many as are selected. */
    public static final Arm LAST = of(Plain.LAST);
    /** Adapter of {@link #ALL} of the same seed, pruned after its training; nothing is trained for it. */
    public static final Arm PRUNED = of(Plain.PRUNED);

    /** Arms of an experiment that names none. */
    public static final List<Arm> USUAL = List.of(ALL, SELECTED, RANDOM, LAST);

    /** Arms with all target modules and the whole rank, in the order in which users see them. */
    public static final List<Arm> BASES = Stream.of(
                    USUAL.stream(), Stream.of(PRUNED), Measures.ALL.stream().map(Arm::by))
            .flatMap(arms -> arms)
            .toList();

    /**
     * @throws IllegalArgumentException if ranks are to be spread, and not by a measure, or the pruned arm is to have
     *     other modules or ranks than all layers
     */
    public Arm {
        if (choice == Plain.PRUNED && (modules != null || ranks != AdapterRanks.WHOLE)) {
            throw new IllegalArgumentException("what is pruned has the modules and ranks of all layers");
        }
        if (ranks == AdapterRanks.SPREAD && !(choice instanceof LayerChoice.ByMeasure)) {
            throw new IllegalArgumentException(choice.id() + " is no measure, and spreads no ranks");
        }
    }

    private static Arm of(LayerChoice choice) {
        return new Arm(choice, null, AdapterRanks.WHOLE);
    }

    /** Returns the arm of the layers that a measure proposes. */
    public static Arm by(Measure measure) {
        return of(new LayerChoice.ByMeasure(measure));
    }

    /** Returns the arm of an id; empty if it is none. */
    public static Optional<Arm> of(String id) {
        for (AdapterRanks form : AdapterRanks.values()) {
            if (form != AdapterRanks.WHOLE && id.endsWith(form.suffix())) {
                return of(id.substring(0, id.length() - form.suffix().length()))
                        .filter(arm -> arm.isTrained()
                                && arm.ranks == AdapterRanks.WHOLE
                                && (form != AdapterRanks.SPREAD || arm.choice instanceof LayerChoice.ByMeasure))
                        .map(arm -> arm.with(form));
            }
        }
        for (ModuleType type : ModuleType.values()) {
            if (id.endsWith(suffix(type))) {
                return of(id.substring(0, id.length() - suffix(type).length()))
                        .filter(arm -> arm.isTrained() && arm.modules() == null)
                        .map(arm -> arm.only(type));
            }
        }
        return BASES.stream().filter(arm -> arm.id().equals(id)).findFirst();
    }

    /** Returns the endings of ids that change the modules or the ranks of an arm. */
    public static List<String> suffixes() {
        return Stream.concat(
                        Arrays.stream(ModuleType.values()).map(Arm::suffix),
                        Arrays.stream(AdapterRanks.values())
                                .filter(form -> form != AdapterRanks.WHOLE)
                                .map(AdapterRanks::suffix))
                .toList();
    }

    /** Returns all other arms with the layers of this one: on the modules of one type, with other ranks, or both. */
    public List<Arm> variants() {
        if (!isTrained()) {
            return List.of();
        }
        List<Arm> variants = new ArrayList<>();
        for (AdapterRanks form : AdapterRanks.values()) {
            if (form != AdapterRanks.SPREAD || choice instanceof LayerChoice.ByMeasure) {
                Arm whole = new Arm(choice, null, form);
                variants.add(whole);
                Arrays.stream(ModuleType.values()).map(whole::only).forEach(variants::add);
            }
        }
        variants.remove(this);
        return List.copyOf(variants);
    }

    private static String suffix(ModuleType type) {
        return "-" + type.id();
    }

    /** Returns true if the arm has trainings of its own; false for {@link #PRUNED}. */
    public boolean isTrained() {
        return choice != Plain.PRUNED;
    }

    /** Returns this arm with adapters on the modules of one type only. */
    public Arm only(ModuleType type) {
        return new Arm(choice, type, ranks);
    }

    /** Returns this arm with other ranks. */
    public Arm with(AdapterRanks form) {
        return new Arm(choice, modules, form);
    }

    /** Returns the name in settings and files, of lower-case letters, digits and hyphens. */
    public String id() {
        return choice.id() + (modules == null ? "" : suffix(modules)) + ranks.suffix();
    }

    /** Returns the name for people. */
    public String words() {
        String words = ranks == AdapterRanks.SPREAD && choice instanceof LayerChoice.ByMeasure by
                ? "ranks by " + by.measure().shortName()
                : choice.words();
        List<String> limits = new ArrayList<>();
        if (modules != null) {
            limits.add(modules.words() + " only");
        }
        if (ranks == AdapterRanks.HALF) {
            limits.add("half the rank");
        }
        return limits.isEmpty() ? words : "%s (%s)".formatted(words, String.join(", ", limits));
    }

    @Override
    public String toString() {
        return id();
    }
}
