package org.layerwise.tensor;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.OptionalInt;

/**
 * Engine with a GPU that is not there, on which operations compute on the processor and are checked for their devices: see {@link
 * StrictOps}.
 *
 * @param engine lists the device {@code cuda:0}
 * @param transfers copies between the processor and the GPU
 */
public record StrictEngine(TensorEngine engine, Transfers transfers, PtNDManager shadows) {

    private static final class Holder {
        private static final StrictEngine SHARED = start("");
    }

    /** The one that all tests of a process share. */
    public static StrictEngine shared() {
        return Holder.SHARED;
    }

    /** @param more operations in TorchScript in addition to the program's */
    static StrictEngine start(String more) {
        PtNDManager[] managers = new PtNDManager[1];
        StrictOps[] ops = new StrictOps[1];
        String source = TorchScriptOps.source(TorchScriptOps.EVERYWHERE) + more;
        TensorEngine engine = TensorEngine.start(OptionalInt.empty(), (torch, manager) -> {
            managers[0] = (PtNDManager) torch.newBaseManager(ai.djl.Device.cpu());
            ops[0] = new StrictOps(
                    new LibTorch(torch, manager, source), new LibTorch(torch, managers[0], source), manager);
            return ops[0];
        });
        return new StrictEngine(engine, ops[0].transfers(), managers[0]);
    }

    /** The number of shadows that are held now; as many as there are tensors on the GPU. */
    public int liveShadows() {
        return ((BaseNDManager) shadows).getManagedArrays().size();
    }
}
