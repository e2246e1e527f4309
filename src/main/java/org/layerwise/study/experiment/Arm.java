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
import org.layerwise.study.experiment.LayerChoice.Plain;

/**
 * Arm of an experiment: the layers and modules that get adapters, and their rank.
 *
 * @param choice choice of the layers
 * @param modules only modules of this type get adapters; null for all target modules
 * @param halfRank true if the adapters have half of the experiment's rank
 */
public record Arm(LayerChoice choice, @Nullable ModuleType modules, boolean halfRank) {

    /** All layers, the baseline of the other arms. */
    public static final Arm ALL = of(Plain.ALL);
    /** Layers that the analysis proposes by its first measure. */
    public static final Arm SELECTED = of(Plain.SELECTED);
    /** Random layers, as many as are selected, drawn again for each seed. */
    public static final Arm RANDOM = of(Plain.RANDOM);
    /** Last layers (nearest to the output), as many as are selected. */
    public static final Arm LAST = of(Plain.LAST);

    /** Arms of an experiment that names none. */
    public static final List<Arm> USUAL = List.of(ALL, SELECTED, RANDOM, LAST);

    /** Arms with all target modules and the whole rank, in the order in which users see them. */
    public static final List<Arm> BASES = Stream.concat(
                    USUAL.stream(),
                    Measures.ALL.stream().filter(Arm::isBeforeTraining).map(Arm::by))
            .toList();

    private static final String HALF_RANK = "-half-r";

    /** Returns false for measures of a finished adapter, which an experiment does not have yet. */
    private static boolean isBeforeTraining(Measure measure) {
        return measure.source() != Measure.Source.ADAPTER;
    }

    private static Arm of(LayerChoice choice) {
        return new Arm(choice, null, false);
    }

    /** Returns the arm of the layers that a measure proposes. */
    public static Arm by(Measure measure) {
        return of(new LayerChoice.ByMeasure(measure));
    }

    /** Returns the arm of an id; empty if it is none. */
    public static Optional<Arm> of(String id) {
        if (id.endsWith(HALF_RANK)) {
            return of(id.substring(0, id.length() - HALF_RANK.length()))
                    .filter(arm -> !arm.halfRank())
                    .map(Arm::withHalfRank);
        }
        for (ModuleType type : ModuleType.values()) {
            if (id.endsWith(suffix(type))) {
                return of(id.substring(0, id.length() - suffix(type).length()))
                        .filter(arm -> arm.modules() == null)
                        .map(arm -> arm.only(type));
            }
        }
        return BASES.stream().filter(arm -> arm.id().equals(id)).findFirst();
    }

    /** Returns the endings of ids that change the modules or the rank of any arm. */
    public static List<String> suffixes() {
        List<String> suffixes = new ArrayList<>(
                Arrays.stream(ModuleType.values()).map(Arm::suffix).toList());
        suffixes.add(HALF_RANK);
        return suffixes;
    }

    private static String suffix(ModuleType type) {
        return "-" + type.id();
    }

    /** Returns this arm with adapters on the modules of one type only. */
    public Arm only(ModuleType type) {
        return new Arm(choice, type, halfRank);
    }

    /** Returns this arm with half of the rank. */
    public Arm withHalfRank() {
        return new Arm(choice, modules, true);
    }

    /** Returns the name in settings and files, of lower-case letters, digits and hyphens. */
    public String id() {
        return choice.id() + (modules == null ? "" : suffix(modules)) + (halfRank ? HALF_RANK : "");
    }

    /** Returns the name for people. */
    public String words() {
        List<String> limits = new ArrayList<>();
        if (modules != null) {
            limits.add(modules.words() + " only");
        }
        if (halfRank) {
            limits.add("half the rank");
        }
        return limits.isEmpty() ? choice.words() : "%s (%s)".formatted(choice.words(), String.join(", ", limits));
    }

    @Override
    public String toString() {
        return id();
    }
}
