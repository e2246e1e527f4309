package org.layerwise.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.lora.TrainedTensors.TrainableTensor;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.HeadNorm;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.LoadedHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TargetModules;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorOwner;

/**
 * Builds an {@link AdaptedModel}: chooses the modules that get an adapter, the biases and other modules that are
 * trained, and the head.
 */
final class ModelBuilder {

    /**
     * Specification of a training: adapters, modules to save and task.
     *
     * @param modulesToSave modules that are trained in addition to the classifier and those of the head that the checkpoint
     *     lacks
     * @param asker source of the request, for messages
     * @param labels number of the classifier's outputs; empty for a language model
     * @param stored true for a stored adapter: it brings its own classifier, which replaces one of another size
     */
    record TrainableSpec(
            LoraConfig config, List<String> modulesToSave, String asker, OptionalInt labels, boolean stored) {

        /** Returns true if a module is one of the modules to save, or part of one. */
        boolean saves(String module) {
            return PeftNames.saves(modulesToSave, module);
        }

        /** Returns the modules that get no adapter because they are trained in full. */
        List<String> unadapted(Collection<String> ofHead) {
            List<String> all = new ArrayList<>(modulesToSave);
            if (labels.isPresent()) {
                all.addAll(LoraSettings.CLASSIFIERS);
            }
            all.addAll(ofHead);
            return all;
        }
    }

    private final TransformerModel base;
    private final TrainableSpec recipe;
    private final LoraConfig config;
    private final long seed;
    private final AdapterMaker.Start start;
    private final TensorOwner owner;
    private final TrainedTensors trained;
    private final SortedSet<String> saved = new TreeSet<>();

    /**
     * Creates a builder.
     *
     * @param seed seed of newly initialised tensors
     * @param values initial values of each tensor
     * @param start source of the part that PiSSA and OLoRA take out of a weight
     */
    ModelBuilder(
            TransformerModel base,
            TrainableSpec recipe,
            long seed,
            Function<TrainableTensor, float[]> values,
            AdapterMaker.Start start) {
        this.base = base;
        this.recipe = recipe;
        this.config = ofModel(base, recipe);
        this.seed = seed;
        this.start = start;
        this.owner = base.engine().owner();
        this.trained = new TrainedTensors(base, owner, values);
    }

    /** Returns the configuration for every layer if it targets all linear modules of all layers, as PEFT does. */
    private static LoraConfig ofModel(TransformerModel base, TrainableSpec recipe) {
        LoraConfig config = recipe.stored() ? recipe.config() : ExpertTargets.of(base.blueprint(), recipe.config());
        boolean whole = new TargetModules(config.targetModules()).all()
                && config.layers().containsAll(base.allLayers());
        return whole ? config.withDetails(config.details().withEveryLayer()) : config;
    }

    /** @param progress reports after each module */
    AdaptedModel build(Progress progress) {
        requireLayers();
        requireBiases();
        try (Scope scope = base.engine().inference()) {
            Heads heads = heads();
            ModuleMatcher choice =
                    new ModuleMatcher(config, base.description().names(), recipe.unadapted(heads.trained()), progress);
            Map<String, Linear> targets = targets(choice, heads);
            Map<String, Tensor> replaced = replaced(targets.keySet());
            Map<String, ModuleAdapter> adapters = adapters(targets, choice, progress);
            Map<String, ExpertLora> experts =
                    new ExpertTargets(base, config, recipe.asker()).adapters(trained, choice, seed);
            OutputHead head = heads.trained(targets.keySet());
            if (!recipe.stored()) {
                requireSaved();
            }
            return new AdaptedModel(
                    base,
                    owner,
                    config,
                    new AdaptedModel.Parts(adapters, experts, replaced, head),
                    trained.parameters(),
                    List.copyOf(saved),
                    heads.fresh(),
                    Optional.empty());
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    private void requireLayers() {
        int layers = base.config().layers();
        if (!config.layers().isEmpty() && config.layers().last() >= layers) {
            throw new UserException("%s asks for layer %s, but %s has layers 0 to %s; choose layers that it has."
                    .formatted(
                            recipe.asker(),
                            config.layers().last(),
                            base.checkpoint().folder(),
                            layers - 1));
        }
    }

    private void requireBiases() {
        boolean experts = base.config().layerConfigs().stream()
                .map(LayerConfig::experts)
                .anyMatch(mixture -> mixture != null && mixture.limit() > 0);
        if (config.bias() == Bias.ALL && experts) {
            throw new UserException(
                    "bias = all is not supported for the experts of %s, of whose biases some versions of PEFT train all; use lora_only or none."
                            .formatted(base.checkpoint().folder()));
        }
        if (config.bias() == Bias.ALL && base.description().wrapped()) {
            throw new UserException(
                    "bias = all would train the vision tower of %s, which stays frozen; use lora_only or none."
                            .formatted(base.checkpoint().folder()));
        }
    }

    /** Returns the linear modules that get an adapter, by name, in the order of the computation. */
    private Map<String, Linear> targets(ModuleMatcher choice, Heads heads) {
        Map<String, Integer> layers = new LinkedHashMap<>();
        base.blueprint().linears().forEach(module -> layers.put(module.name(), module.layer()));
        List<Linear> candidates = new ArrayList<>();
        base.transformer().projection().ifPresent(candidates::add);
        candidates.addAll(base.transformer().linears());
        candidates.addAll(heads.adaptable());
        boolean expertsAlone = config.targetModules().isEmpty();
        if (!recipe.stored() && !expertsAlone) {
            base.blueprint()
                    .requireMatches(
                            new TargetModules(config.targetModules()),
                            candidates.stream()
                                    .map(Linear::name)
                                    .flatMap(name -> base.description().names().inFiles(name).stream())
                                    .toList());
        }
        Map<String, Linear> targets = new LinkedHashMap<>();
        for (Linear linear : expertsAlone ? List.<Linear>of() : candidates) {
            if (choice.adapts(linear.name(), layers.getOrDefault(linear.name(), ModuleMatcher.OUTSIDE))) {
                targets.put(linear.name(), linear);
            }
        }
        if (targets.isEmpty() && !expertsAlone) {
            throw new UserException("%s leaves no linear module of %s to adapt; choose other target modules or layers."
                    .formatted(recipe.asker(), base.checkpoint().folder()));
        }
        if (!recipe.stored()) {
            requireFullNames(targets.keySet(), layers.keySet());
            Set<String> adapted = new TreeSet<>(targets.keySet());
            adapted.addAll(config.details().targetParameters());
            requireFound(config.rankPattern().keySet(), adapted, "--rank-pattern");
            requireFound(config.alphaPattern().keySet(), adapted, "--alpha-pattern");
        }
        return targets;
    }

    /**
     * Requires the full name of a target module outside the layers: if layers are named, PEFT finds such a module only
     * by its full name.
     */
    private void requireFullNames(Set<String> adapted, Set<String> inLayers) {
        TargetModules targets = new TargetModules(config.targetModules());
        for (String module : adapted) {
            if (!config.details().everyLayer() && !inLayers.contains(module) && !targets.isFullName(module)) {
                throw new UserException(
                        "%s is in no layer, so beside chosen layers PEFT finds it only by its full name; write %s as the target."
                                .formatted(module, module));
            }
        }
    }

    /** Requires that each pattern matches a module with an adapter: a misspelt name would silently change nothing. */
    private void requireFound(Set<String> patterns, Set<String> adapted, String flag) {
        for (String pattern : patterns) {
            if (adapted.stream()
                    .noneMatch(module -> ModuleMatcher.means(base.description().names(), pattern, module))) {
                throw new UserException("\"%s\" is no module with an adapter; mend %s, or the layers and targets."
                        .formatted(pattern, flag));
            }
        }
    }

    /**
     * Requires that each module to save exists; all modules that are trained in full are known after the head is made.
     */
    private void requireSaved() {
        for (String module : config.modulesToSave()) {
            if (saved.stream()
                    .noneMatch(name ->
                            name.equals(module) || name.endsWith("." + module) || module.endsWith("." + name))) {
                throw new UserException(
                        "No module is called \"%s\", so it cannot be trained in full; mend --modules-to-save."
                                .formatted(module));
            }
        }
    }

    private Map<String, ModuleAdapter> adapters(Map<String, Linear> targets, ModuleMatcher choice, Progress progress) {
        AdapterMaker maker = new AdapterMaker(trained, config, choice, seed, start);
        Map<String, ModuleAdapter> adapters = new LinkedHashMap<>();
        for (Linear target : targets.values()) {
            progress.check();
            progress.report(
                    (double) adapters.size() / targets.size(),
                    "Adapting module %s of %s".formatted(adapters.size() + 1, targets.size()));
            adapters.put(target.name(), maker.of(target));
        }
        return adapters;
    }

    /** Returns the tensors of the transformer that are trained themselves: biases, and modules to save in full. */
    private Map<String, Tensor> replaced(Set<String> adapted) {
        Map<String, Tensor> replaced = new LinkedHashMap<>();
        base.tensorNames().forEach(name -> {
            int dot = name.lastIndexOf('.');
            String module = name.substring(0, dot);
            boolean full = recipe.saves(module);
            boolean bias = name.endsWith(PeftNames.BIAS)
                    && (config.bias() == Bias.ALL || config.bias() == Bias.LORA_ONLY && adapted.contains(module));
            if (full && !base.trainsInFull(name)) {
                throw new UserException(
                        "%s of %s cannot be trained in full, only with adapters; leave it out of the modules to save."
                                .formatted(module, base.checkpoint().folder()));
            }
            if (full) {
                saved.addAll(recipe.modulesToSave().stream()
                        .filter(named -> PeftNames.saves(List.of(named), module))
                        .toList());
                replaced.put(name, trained.saved(module, name.substring(dot + 1), !recipe.stored()));
            } else if (bias) {
                replaced.put(name, trained.bias(module, base.tensor(name), adapted.contains(module)));
            }
        });
        return replaced;
    }

    private Heads heads() {
        if (recipe.labels().isEmpty()) {
            return new TokenHead(base.languageModelHead(owner));
        }
        int labels = recipe.labels().getAsInt();
        return new ClassHead(
                recipe.stored() ? base.headOfAnySize(owner, labels, seed) : base.head(owner, labels, seed));
    }

    /** Head before any part of it is trained. */
    private interface Heads {

        /** Returns the modules of the head that are trained in full. */
        List<String> trained();

        /** Returns the linear modules of the head that may get an adapter. */
        List<Linear> adaptable();

        /** Returns the modules of the head that the checkpoint lacks. */
        Set<String> fresh();

        /** Returns the head with its trained parts; the adapters are added later. */
        OutputHead trained(Set<String> adapted);
    }

    private final class ClassHead implements Heads {

        private final LoadedHead loaded;

        ClassHead(LoadedHead loaded) {
            this.loaded = loaded;
        }

        private boolean full(String module) {
            return loaded.fresh().contains(module) || PeftNames.alwaysSaved(module) || recipe.saves(module);
        }

        @Override
        public List<String> trained() {
            return loaded.head().linears().stream()
                    .map(Linear::name)
                    .filter(this::full)
                    .toList();
        }

        @Override
        public List<Linear> adaptable() {
            return loaded.head().linears().stream()
                    .filter(linear -> !full(linear.name()))
                    .toList();
        }

        @Override
        public Set<String> fresh() {
            return loaded.fresh();
        }

        @Override
        public ClassificationHead trained(Set<String> adapted) {
            return loaded.head().map(linear -> linear(linear, adapted.contains(linear.name())), this::norm);
        }

        private Linear linear(Linear linear, boolean adapted) {
            if (full(linear.name())) {
                saved.add(PeftNames.moduleToSave(linear.name()));
                return trained.copy(linear, !loaded.fresh().contains(linear.name()));
            }
            boolean bias = config.bias() == Bias.ALL || config.bias() == Bias.LORA_ONLY && adapted;
            return bias ? trained.withBias(linear, adapted) : linear;
        }

        private HeadNorm norm(HeadNorm norm) {
            if (full(norm.name())) {
                saved.add(PeftNames.moduleToSave(norm.name()));
                return trained.copy(norm, !loaded.fresh().contains(norm.name()));
            }
            return config.bias() == Bias.ALL ? trained.withBias(norm) : norm;
        }
    }

    private final class TokenHead implements Heads {

        private final LanguageModelHead head;

        TokenHead(LanguageModelHead head) {
            this.head = head;
        }

        private boolean full() {
            return recipe.saves(head.output().name());
        }

        @Override
        public List<String> trained() {
            return full() ? List.of(head.output().name()) : List.of();
        }

        @Override
        public List<Linear> adaptable() {
            return full() || new TargetModules(config.targetModules()).all() ? List.of() : List.of(head.output());
        }

        @Override
        public Set<String> fresh() {
            return Set.of();
        }

        @Override
        public LanguageModelHead trained(Set<String> adapted) {
            if (!full()) {
                return head;
            }
            saved.add(PeftNames.moduleToSave(head.output().name()));
            return head.withOutput(trained.copy(head.output(), !recipe.stored()));
        }
    }
}
