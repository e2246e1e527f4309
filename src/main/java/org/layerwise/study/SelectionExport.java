package org.layerwise.study;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.export.AdapterRecipe;
import org.layerwise.selection.export.AdapterVariant;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.selection.export.ModelSource;

/**
 * A selection of a model's layers as files for those who train elsewhere.
 *
 * @param source where others find the model
 * @param outline the model, of which nothing need be loaded
 */
public record SelectionExport(ModelSource source, ModelOutline outline, LayerSelection selection) {

    /** PEFT's word for all linear modules. */
    private static final String ALL = "all-linear";

    /** The sample model's name on the hub, since others do not have the bundled copy. */
    private static final String SAMPLE_ON_HUB = "BAAI/bge-small-en-v1.5";

    /**
     * For a model as it was opened.
     *
     * @param model {@code sample}, a hub id with or without a revision, or a folder
     * @param revision the commit that is meant, where the id says none; null if none is known
     * @throws org.layerwise.base.UserException if the model can be neither of the hub nor a folder that is there
     */
    public static SelectionExport of(
            String model, @Nullable String revision, ModelOutline outline, LayerSelection selection) {
        return new SelectionExport(source(model, revision, outline), outline, selection);
    }

    private static ModelSource source(String model, @Nullable String revision, ModelOutline outline) {
        if (model.equals(Workbench.SAMPLE)) {
            return new ModelSource(SAMPLE_ON_HUB, null);
        }
        if (!Workbench.isOnHub(model)) {
            return new ModelSource(outline.card().folder().toAbsolutePath().toString(), null);
        }
        String id = model.strip();
        int at = id.indexOf('@');
        return at < 0 ? new ModelSource(id, revision) : new ModelSource(id.substring(0, at), id.substring(at + 1));
    }

    /**
     * The content of a file.
     *
     * @param adapter which adapters; its layers do not count, the selection does
     * @param optimiser of which only the learning rates count
     * @throws org.layerwise.base.UserException if no layer is selected, a target matches nothing, or the tool cannot do what
     *     the settings say
     */
    public String text(ExportFormat format, AdapterSettings adapter, OptimiserSettings optimiser) {
        return text(format, adapter, optimiser, null);
    }

    /**
     * The content of a file for rows of so many classes.
     *
     * @param classes null where that is not known
     * @throws org.layerwise.base.UserException as the other
     */
    public String text(
            ExportFormat format, AdapterSettings adapter, OptimiserSettings optimiser, @Nullable Integer classes) {
        ModelCard card = outline.card();
        List<String> targets = adapter.targetModules() == null ? card.targetModules() : adapter.targetModules();
        return format.text(new AdapterRecipe(
                source,
                card.kind(),
                selection,
                outline.modules(),
                // PEFT takes its word for all only without a list of layers
                targets.equals(List.of(ALL)) ? card.linearModules() : targets,
                adapter.modulesToSave(),
                adapter.rank(),
                adapter.alpha(),
                adapter.dropout(),
                variant(adapter.variant()),
                adapter.bias().id(),
                adapter.rankPattern(),
                adapter.alphaPattern(),
                optimiser.learningRate(),
                optimiser.loraPlusRatio(),
                classes));
    }

    private static AdapterVariant variant(LoraVariant variant) {
        Integer iterations = null;
        boolean pissa = false;
        if (variant.initialisation() instanceof Initialisation.Pissa start) {
            pissa = true;
            iterations = start.iterations().isPresent() ? start.iterations().getAsInt() : null;
        }
        return new AdapterVariant(variant.decomposed(), variant.rankStabilised(), pissa, iterations);
    }
}
