package org.layerwise.tensor;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScriptCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Operations that DJL's own API lacks or computes wrongly, as one TorchScript module with a file among the resources as
 * its source. A TorchScript archive is a zip file of five small files; the constructor writes it in memory
 * when the engine starts.
 */
final class TorchScriptOps {

    /** Operations that every build of libtorch has. */
    static final String EVERYWHERE = "ops.py";

    /** Operations of oneDNN, which only some builds of libtorch have. */
    static final String ONE_DNN = "onednn_ops.py";

    /**
     * Switch that turns off the graph executor's optimisation, once per thread. TorchScript would otherwise rewrite an
     * operation after its first calls (with or without a graph, with these shapes), and the last bit of a result would
     * depend on earlier computations.
     */
    private final ThreadLocal<Boolean> asWritten = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    private final PtNDManager manager;
    private final PtSymbolBlock module;

    /** @param source class {@code Ops} in TorchScript, such as the {@link #source} of a file */
    TorchScriptOps(NDManager manager, String source) {
        this.manager = (PtNDManager) manager;
        try (InputStream archive = new ByteArrayInputStream(archive(source))) {
            this.module = JniUtils.loadModule(this.manager, archive, true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls an operation that returns one tensor. */
    PtNDArray call(String operation, Object... arguments) {
        try (IValue result = run(operation, arguments)) {
            return result.toTensor(manager);
        }
    }

    /** Calls an operation that returns several tensors. */
    PtNDArray[] callTuple(String operation, Object... arguments) {
        try (IValue result = run(operation, arguments)) {
            IValue[] elements = result.toIValueTuple();
            PtNDArray[] tensors = new PtNDArray[elements.length];
            for (int i = 0; i < elements.length; i++) {
                tensors[i] = elements[i].toTensor(manager);
                elements[i].close();
            }
            return tensors;
        }
    }

    /** Calls an operation that returns a list of tensors. */
    PtNDArray[] callList(String operation, Object... arguments) {
        try (IValue result = run(operation, arguments)) {
            return result.toTensorArray(manager);
        }
    }

    /** Calls an operation that returns a whole number. */
    long callLong(String operation, Object... arguments) {
        try (IValue result = run(operation, arguments)) {
            return result.toLong();
        }
    }

    private IValue run(String operation, Object... arguments) {
        asWritten.get();
        IValue[] values = new IValue[arguments.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = value(arguments[i]);
            }
            return TorchScriptCalls.run(module, operation, values);
        } finally {
            for (IValue value : values) {
                if (value != null) {
                    value.close();
                }
            }
        }
    }

    private static IValue value(Object argument) {
        if (argument instanceof PtNDArray tensor) {
            return IValue.from(tensor);
        }
        if (argument instanceof Double number) {
            return IValue.from(number.doubleValue());
        }
        if (argument instanceof Long number) {
            return IValue.from(number.longValue());
        }
        if (argument instanceof Integer number) {
            return IValue.from(number.longValue());
        }
        if (argument instanceof Boolean flag) {
            return IValue.from(flag.booleanValue());
        }
        if (argument instanceof String text) {
            return IValue.from(text);
        }
        if (argument instanceof long[] numbers) {
            return IValue.listFrom(numbers);
        }
        if (argument instanceof List<?> tensors) {
            return IValue.listFrom(tensors.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
        }
        throw new IllegalArgumentException("no operation takes a " + argument.getClass());
    }

    /** Returns the text of a file of operations, {@link #EVERYWHERE} or {@link #ONE_DNN}. */
    static String source(String file) {
        try (InputStream text = Objects.requireNonNull(TorchScriptOps.class.getResourceAsStream(file), file)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] archive(String source) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "ops/data.pkl", moduleObject());
            store(zip, "ops/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "ops/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'}); // an empty tuple
            store(zip, "ops/version", "10\n".getBytes(StandardCharsets.US_ASCII));
            store(zip, "ops/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /** Returns the pickle (protocol 2) of an object of class {@code __torch__.Ops} with {@code training = True}. */
    private static byte[] moduleObject() throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2});
        pickle.write("c__torch__\nOps\n".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {'q', 0, ')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {'q', 1, (byte) 0x88, 'u', 'b', 'q', 2, '.'});
        return pickle.toByteArray();
    }

    // libtorch maps the records of an archive: they must not be compressed
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
