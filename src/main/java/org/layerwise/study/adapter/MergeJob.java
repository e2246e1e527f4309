package org.layerwise.study.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.ModelFolder;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.ShardedWriter;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.MergedWeights;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.ModelTensor;
import org.layerwise.model.NonFiniteDiagnosis;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.family.ModelClasses;
import org.layerwise.settings.Loading;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/**
 * Merges an adapter into the weights of a model and writes the result as a HuggingFace folder that needs neither PEFT
 * nor the base model. The job runs on the CPU. The weights keep the data type in which the base is stored, and each is
 * computed in float32.
 *
 * @param model folder of the model that the adapter was trained on
 * @param adapter folder of a PEFT adapter
 * @param out folder to write, which must be empty or not exist
 * @param shardBytes maximum size of a weight file in bytes
 */
public record MergeJob(Workbench workbench, Path model, Path adapter, Path out, long shardBytes) {

    /** Files in the folder of the base model that belong to the model regardless of its task. */
    private static final List<String> COPIED = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "spm.model",
            "tokenizer.model",
            "sentencepiece.bpe.model",
            "chat_template.jinja",
            "chat_template.json",
            "preprocessor_config.json",
            "processor_config.json");

    /** Default maximum size of a weight file in transformers, in bytes. */
    public static final long DEFAULT_SHARD_BYTES = ShardedWriter.DEFAULT_SHARD_BYTES;

    private static final String GENERATION = "generation_config.json";

    /**
     * Result of a merge.
     *
     * @param folder folder of the merged model
     * @param modules number of linear modules that had an adapter
     * @param files number of weight files
     * @param bytes size of all weights in bytes
     * @param remark message about missing parts of the adapter; empty if the adapter is complete
     */
    public record Result(Path folder, int modules, int files, long bytes, Optional<String> remark) {}

    /**
     * Merges the adapter into the model. The output folder appears only when it is complete.
     *
     * @throws UserException if the adapter does not fit the model, or the folder is in use or cannot be written
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public Result run(Progress progress) {
        NewFolder.require(out);
        PeftAdapter stored = PeftAdapter.read(adapter, workbench.engine(), progress);
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            ModelBlueprint blueprint = ModelBlueprint.read(workbench.engine(), checkpoint);
            try (TransformerModel base = base(blueprint, progress.part(0, 0.1));
                    AdaptedModel adapted = AdaptedModel.load(base, stored, 0, progress.part(0.1, 0.4))) {
                NonFiniteDiagnosis.requireWeights(base);
                return write(adapted, progress.part(0.4, 1));
            }
        }
    }

    /**
     * Loads the base model. Its weights stay in their files only if a copy would take nearly all free memory, since a
     * mapped file that becomes shorter ends the process.
     */
    private TransformerModel base(ModelBlueprint blueprint, Progress progress) {
        DType type = type(blueprint);
        MemoryNeed memory = MemoryNeed.of(
                blueprint.bytes(type),
                blueprint.largestPartBytes(type),
                workbench.available(Device.CPU),
                Loading.WHOLE);
        return memory.wholeIsTight()
                ? TransformerModel.loadMapped(workbench.engine(), blueprint, Device.CPU, type, progress)
                : TransformerModel.load(workbench.engine(), blueprint, Device.CPU, type, progress);
    }

    /**
     * Returns the data type to load the weights in: a single 16-bit type in which all are stored, which needs no
     * conversion; otherwise float32.
     */
    private static DType type(ModelBlueprint blueprint) {
        Set<DType> types = blueprint.tensors().stream()
                .filter(tensor -> !tensor.computesIn32Bits())
                .map(ModelTensor::type)
                .collect(Collectors.toSet());
        DType first = types.iterator().next();
        return types.size() == 1 && first.bytes() == 2 ? first : DType.F32;
    }

    private Result write(AdaptedModel adapted, Progress progress) {
        Checkpoint checkpoint = adapted.base().checkpoint();
        String modelClass = modelClass(adapted);
        boolean sameClass =
                checkpoint.config().path("architectures").path(0).asText("").equals(modelClass);
        try (MergedWeights weights = MergedWeights.of(adapted, sameClass)) {
            JsonNode config = config(adapted, weights, modelClass);
            List<SafetensorsWriter.Named> tensors = weights.tensors();
            List<Integer> files = new ArrayList<>();
            AtomicFiles.writeNewFolder(out, beside -> {
                copyFiles(checkpoint, beside, adapted.labels().isEmpty());
                files.add(ShardedWriter.write(beside, tensors, shardBytes, progress));
                checkpoint.requireUnchanged(); // the merged weights may have been computed from memory-mapped files
                Json.write(beside.resolve(Checkpoint.CONFIG), config);
            });
            long bytes =
                    tensors.stream().mapToLong(SafetensorsWriter.Named::bytes).sum();
            return new Result(out, weights.modules(), files.get(0), bytes, adapted.remark());
        }
    }

    private String modelClass(AdaptedModel adapted) {
        String family = adapted.base().config().family();
        return adapted.labels().isEmpty()
                ? ModelClasses.languageModel(family)
                : ModelClasses.classifier(family)
                        .orElseThrow(() -> new UserException(
                                "The adapter %s classifies, for which transformers has no model of type %s; it cannot be merged."
                                        .formatted(adapter, family)));
    }

    private JsonNode config(AdaptedModel adapted, MergedWeights weights, String modelClass) {
        MergedConfig config = new MergedConfig(adapted.base().checkpoint().config(), modelClass, weights.type());
        if (adapted.labels().isPresent()) {
            config.classes(classNames(adapted, adapted.labels().getAsInt()));
        }
        if (weights.untied()) {
            config.untied();
        }
        return config.json();
    }

    private List<String> classNames(AdaptedModel adapted, int labels) {
        return ModelConfig.Labels.named(ClassNames.of(adapter, adapted.base(), labels), labels);
    }

    private static void copyFiles(Checkpoint checkpoint, Path to, boolean generates) throws IOException {
        List<String> names = new ArrayList<>(COPIED);
        if (generates) {
            names.add(GENERATION);
        }
        ModelFolder folder = new ModelFolder(checkpoint.folder());
        for (String name : names) {
            Path file = folder.file(name).orElse(null);
            if (file != null) {
                Files.copy(file, to.resolve(name));
            }
        }
    }
}
