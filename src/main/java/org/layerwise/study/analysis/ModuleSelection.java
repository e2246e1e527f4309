package org.layerwise.study.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.inputs.EvaRanks;
import org.layerwise.analysis.inputs.ExplainedVariance;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.model.LinearModule;
import org.layerwise.model.TargetModules;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LoraSize;
import org.layerwise.selection.ModuleSelector;
import org.layerwise.selection.RankAllocation;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.RankRule;
import org.layerwise.selection.SelectedModules;
import org.layerwise.selection.SelectionRule;
import org.layerwise.study.model.ModelOutline;

/** Selects linear maps of a model, and their ranks, by a measure of a finished analysis. */
public final class ModuleSelection {

    private final ModelOutline model;
    private final MeasureResult result;
    private final int rank;
    private final LoraVariant variant;
    private final Set<String> known;
    private final List<LinearModule> targets;
    private final Map<String, Double> ofModules = new HashMap<>();

    /**
     * @param result result of the measure to select by
     * @param values values of {@link LoraSettings}, of which the target modules, the rank and the variant count
     * @throws UserException if a target matches no module
     */
    public ModuleSelection(ModelOutline model, MeasureResult result, SettingValues values) {
        this.model = model;
        this.result = result;
        this.rank = values.get(LoraSettings.RANK);
        this.variant = values.get(LoraSettings.VARIANT);
        this.known = model.linears().stream().map(LinearModule::name).collect(Collectors.toSet());
        this.targets = targets(
                model,
                values.find(LoraSettings.TARGET_MODULES).orElse(model.card().targetModules()));
        ModuleImportance modules = result.modules();
        if (modules != null) {
            result.measure()
                    .comparable(modules)
                    .modules()
                    .forEach(module -> ofModules.put(module.name(), module.value()));
        }
    }

    private static List<LinearModule> targets(ModelOutline model, List<String> names) {
        for (String name : names) {
            TargetModules one = new TargetModules(List.of(name));
            if (model.linears().stream().noneMatch(module -> one.match(module.name()))) {
                throw new UserException("No linear module of %s is called \"%s\"; there are %s."
                        .formatted(
                                model.card().name(),
                                name,
                                String.join(", ", model.modules().linearModules())));
            }
        }
        TargetModules targets = new TargetModules(names);
        return model.linears().stream()
                .filter(module -> targets.match(module.name()))
                .toList();
    }

    /**
     * Selects the most important of the target modules of all layers.
     *
     * @throws UserException if the measure has no values of linear maps, or none is left to select
     */
    public LayerSelection select(ModuleSelector.Amount amount, LayerLocks locks) {
        if (result.modules() == null) {
            throw new UserException(
                    "%s has no values of linear maps; name a measure of the analysis that has them by --measure, such as snr."
                            .formatted(result.measure().id()));
        }
        return ModuleSelector.select(
                targets.stream()
                        .map(LinearModule::name)
                        .filter(ofModules::containsKey)
                        .toList(),
                ofModules::get,
                amount,
                locks,
                model.card().layers());
    }

    /**
     * Spreads ranks over the linear maps of a selection, which are the target modules of its layers if it names none. A module's
     * importance is its value of the measure, or that of its layer if it has none. A layer without a value counts as the least
     * important one, or as the most important one if such layers are included.
     *
     * EVA's rule has components of the inputs of linear maps instead, and no importance.
     *
     * @throws UserException if the budget is too small for a single module, or leaves no adapter in a layer that is always
     *     selected, or the variant has one rank for all modules, or the rule is EVA's and the result has no components
     */
    public LayerSelection withRanks(LayerSelection selection, RankBudget budget) {
        if (variant.sharded()) {
            throw new UserException(
                    "MiSS has one rank for all modules, so no ranks are spread; leave out the budget, or choose another variant.");
        }
        ToDoubleFunction<LinearModule> importance =
                importance(selection.reason().undefined());
        LayerSelection ranked = selection.withModules(
                SelectedModules.of(
                        budget.rule() == RankRule.EVA
                                ? evaRanks(modules(selection), budget)
                                : RankAllocation.of(
                                        modules(selection).stream()
                                                .map(module -> RankAllocation.Candidate.of(
                                                        module, importance.applyAsDouble(module)))
                                                .toList(),
                                        budget)),
                budget);
        SortedSet<Integer> lost = new TreeSet<>(selection.reason().locks().always());
        lost.removeAll(ranked.layers());
        if (!lost.isEmpty()) {
            throw new UserException(
                    "The budget of %s parameters leaves the layers %s without an adapter, which are always selected; raise the budget, or do not always select them."
                            .formatted(budget.parameters(), LayerList.format(lost)));
        }
        return ranked;
    }

    /** Spreads ranks by EVA's rule; maps of which no component is among those that are taken get none. */
    private Map<String, Integer> evaRanks(List<LinearModule> among, RankBudget budget) {
        List<EvaRanks.Module> components = result.components();
        if (components == null) {
            throw new UserException(
                    result.measure() == ExplainedVariance.MEASURE
                            ? "An earlier version made the analysis, which does not have the components that EVA's rule needs; analyze again, or spread the ranks by another rule."
                            : "EVA's rule needs the components of the inputs of linear maps, which %s does not have; choose the measure eva, or another rule."
                                    .formatted(result.measure().id()));
        }
        if (budget.maxRank() > RankBudget.DEFAULT_MAX_RANK) {
            throw new UserException(
                    "EVA's rule knows the first %s components of each linear map, so the highest rank cannot be %s; lower it."
                            .formatted(RankBudget.DEFAULT_MAX_RANK, budget.maxRank()));
        }
        Map<String, RankAllocation.Candidate> candidates = new HashMap<>();
        among.forEach(module -> candidates.put(module.name(), RankAllocation.Candidate.of(module, 0)));
        Map<String, String> firstOfInputs = new HashMap<>();
        List<EvaRanks.Module> possible = new ArrayList<>();
        for (EvaRanks.Module module : components) {
            RankAllocation.Candidate candidate = candidates.get(module.name());
            if (candidate != null) {
                String owner = Objects.requireNonNullElse(module.sharedWith(), module.name());
                possible.add(module.first(Math.min(budget.maxRank(), candidate.most()))
                        .sharing(firstOfInputs.putIfAbsent(owner, module.name())));
            }
        }
        Map<String, Integer> ranks = new LinkedHashMap<>(EvaRanks.of(
                possible, name -> Objects.requireNonNull(candidates.get(name)).unit(), budget.parameters()));
        ranks.values().removeIf(rank -> rank == 0);
        if (ranks.isEmpty()) {
            throw new UserException(
                    "The budget of %s parameters is too small for the first component that EVA's rule takes; raise the budget."
                            .formatted(budget.parameters()));
        }
        return ranks;
    }

    private ToDoubleFunction<LinearModule> importance(UndefinedLayers undefined) {
        LayerImportance layers = result.importance();
        List<Double> known = IntStream.range(0, layers.layers())
                .mapToObj(layers::of)
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .sorted()
                .toList();
        double least = known.isEmpty() ? 0 : known.get(0);
        double most = known.isEmpty() ? 0 : known.get(known.size() - 1);
        return module -> {
            Double own = ofModules.get(module.name());
            double value = own != null
                    ? own
                    : layers.of(module.layer()).orElse(undefined == UndefinedLayers.INCLUDE ? most : least);
            return Math.max(0, value); // 1 minus a similarity may be below 0 by rounding
        };
    }

    private List<LinearModule> modules(LayerSelection selection) {
        SelectedModules named = selection.modules();
        if (named == null) {
            return targets.stream()
                    .filter(module -> selection.contains(module.layer()))
                    .toList();
        }
        Set<String> full = new HashSet<>(named.names());
        TargetModules ends = new TargetModules(named.names());
        Predicate<String> among = known.containsAll(full) ? full::contains : ends::match;
        return model.linears().stream()
                .filter(module -> among.test(module.name()))
                .toList();
    }

    /**
     * Returns the ranks of the linear maps of a selection by their full names. They are the target modules of its layers if it names
     * none, and have the rank of the training if it names no ranks.
     */
    public SortedMap<String, Integer> ranks(LayerSelection selection) {
        SelectedModules named = selection.modules();
        SortedMap<String, Integer> ranks = new TreeMap<>();
        modules(selection).forEach(module -> ranks.put(module.name(), rank(named, module.name())));
        return ranks;
    }

    private int rank(@Nullable SelectedModules named, String name) {
        if (named == null || named.ranks().isEmpty()) {
            return rank;
        }
        return named.rank(name).orElseGet(() -> named.names().stream()
                .filter(end -> name.endsWith("." + end))
                .flatMapToInt(end -> named.rank(end).stream())
                .findFirst()
                .orElse(rank));
    }

    /** Returns true if the model has a linear map of this full name. */
    public boolean has(String name) {
        return known.contains(name);
    }

    /**
     * Returns a selection by hand that has a linear map more than another one, or less if that has it. All its linear maps have the rank
     * of the training. If they are exactly the target modules of their layers, it names none.
     *
     * @param name full name of a linear map
     */
    public LayerSelection toggled(LayerSelection selection, String name) {
        SortedSet<String> names = new TreeSet<>(ranks(selection).keySet());
        if (!names.remove(name)) {
            names.add(name);
        }
        SortedSet<Integer> layers =
                names.stream().map(SelectedModules::layer).collect(Collectors.toCollection(TreeSet::new));
        LayerSelection.Reason reason = selection.reason();
        LayerSelection whole = new LayerSelection(
                layers,
                selection.of(),
                new LayerSelection.Reason(new SelectionRule.ByHand(layers), reason.locks(), reason.undefined(), null));
        return ranks(whole).keySet().equals(names) ? whole : whole.withModules(SelectedModules.of(names), null);
    }

    /** Returns the number of parameters of adapters on all target modules. */
    public long full() {
        return LoraSize.of(targets, variant, module -> rank);
    }

    /** Returns the number of parameters of the adapters of a selection. */
    public long parameters(LayerSelection selection) {
        SelectedModules named = selection.modules();
        return LoraSize.of(modules(selection), variant, module -> rank(named, module.name()));
    }

    /** Returns one line for users on the number of parameters of a selection. */
    public String cost(LayerSelection selection) {
        long parameters = parameters(selection);
        return "%s parameters in adapters, %s of %s of rank %s on %s of all layers"
                .formatted(
                        parameters,
                        String.format(Locale.ROOT, "%.1f %%", 100.0 * parameters / full()),
                        variant.method(),
                        rank,
                        targets.stream()
                                .map(module -> SelectedModules.type(module.name()))
                                .distinct()
                                .collect(Collectors.joining(", ")));
    }
}
