package org.layerwise.analysis.adapter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleAverage;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.base.Citation;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.TokenRow;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Energy of an adapter on rows of data, as LoRA-drop measures it (arXiv 2402.07721): the mean of {@code |dW x|^2} over the inputs x
 * of a module, in the model with the adapter. The mean is over all tokens that are not padding, and the values of a layer's modules
 * are added. Forward only, with {@code dW x} in float64.
 */
public final class AdapterEnergy {

    /** The measure. */
    public static final Measure MEASURE = Measure.ofAdapter("adapter-energy", ModuleAverage.SUM)
            .title("energy of the adapter")
            .shortName("adapter energy")
            .description(
                    "How much an adapter adds to the outputs of its modules: the mean squared norm of what it adds for"
                            + " a token. Needs an adapter and data, without labels. A layer's value is the sum over its"
                            + " modules.")
            .citing(new Citation(
                    "Zhou et al., 2024",
                    "H. Zhou, X. Lu, W. Xu, C. Zhu, T. Zhao and M. Yang. LoRA-drop: Efficient LoRA Parameter"
                            + " Pruning based on Output Evaluation. arXiv:2402.07721, 2024."))
            .build();

    private final TransformerModel model;
    private final Transformer transformer;
    private final TensorEngine engine;

    /**
     * Creates the computation.
     *
     * @param transformer transformer of the model with the adapters
     */
    public AdapterEnergy(TransformerModel model, Transformer transformer) {
        this.model = model;
        this.transformer = transformer;
        this.engine = model.engine();
    }

    /**
     * Computes the energies.
     *
     * @param updates updates of the model's modules
     * @throws UserException if an adapter is of experts, or a value is not finite
     * @throws org.layerwise.base.CancelledException between two modules
     */
    public AdapterEnergies compute(List<AdapterUpdate> updates, TokenizedDataset data, Progress progress) {
        for (AdapterUpdate update : updates) {
            if (update.ofExperts()) {
                throw new UserException(
                        "%s is not known for adapters on experts (%s), which see only the tokens that a router gives them; leave it out."
                                .formatted(MEASURE.id(), update.module()));
            }
        }
        double[] tokens = data.rows().stream().mapToDouble(TokenRow::attended).toArray();
        double[][] layers = new double[data.size()][model.config().layers()];
        double[] modules = new double[updates.size()];
        try (Scope scope = engine.inference()) {
            List<EnergyProbe> probes = new ArrayList<>();
            Map<String, LinearAdapter> adapters = transformer.adapters();
            for (AdapterUpdate update : updates) {
                EnergyProbe probe = new EnergyProbe(model, update, inner(adapters, update), data.size(), progress);
                probes.add(probe);
                adapters.put(update.module(), probe);
            }
            run(transformer.with(adapters), probes, data, progress);
            for (int i = 0; i < modules.length; i++) {
                double[] sums = probes.get(i).sums();
                for (int row = 0; row < sums.length; row++) {
                    requireFinite(sums[row], row, updates.get(i), data);
                    layers[row][updates.get(i).layer()] += sums[row] / Math.max(1, tokens[row]);
                    modules[i] += sums[row];
                }
            }
        }
        double all = Math.max(1, Arrays.stream(tokens).sum());
        List<ModuleImportance.Module> values = new ArrayList<>();
        for (int i = 0; i < modules.length; i++) {
            AdapterUpdate update = updates.get(i);
            values.add(new ModuleImportance.Module(update.module(), update.type(), update.layer(), modules[i] / all));
        }
        return new AdapterEnergies(new ModuleImportance(values), layers, tokens);
    }

    private static LinearAdapter inner(Map<String, LinearAdapter> adapters, AdapterUpdate update) {
        LinearAdapter found = adapters.get(update.module());
        if (found == null) {
            throw new IllegalArgumentException(update.module() + " has no adapter");
        }
        return found;
    }

    private static void requireFinite(double sum, int row, AdapterUpdate update, TokenizedDataset data) {
        if (!Double.isFinite(sum)) {
            throw new UserException(
                    "What the adapter adds in %s is no finite number for row %s of %s; look at the row, or compute with --dtype f32."
                            .formatted(update.module(), row + 1, data.name()));
        }
    }

    private void run(Transformer probed, List<EnergyProbe> probes, TokenizedDataset data, Progress progress) {
        int done = 0;
        for (Batch batch : Batches.forDevice(data, model.config(), model.device(), transformer.type())) {
            progress.check();
            progress.report(
                    (double) done / data.size(),
                    String.format(Locale.ROOT, "Energy of the adapter on example %,d of %,d", done, data.size()));
            try (Scope scope = engine.inference()) {
                ModelInput input = model.input(batch.tokens());
                Tensor mask = engine.of(
                                batch.tokens().mask(),
                                batch.tokens().size(),
                                batch.tokens().length())
                        .to(model.device())
                        .cast(DType.F64);
                probes.forEach(probe -> probe.listen(batch.rows(), mask));
                probed.forward(input, progress);
            } finally {
                probes.forEach(EnergyProbe::rest);
            }
            done += batch.rows().length;
        }
        progress.report(1, String.format(Locale.ROOT, "Energy of the adapter on %,d examples", data.size()));
    }
}
