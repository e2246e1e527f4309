package org.layerwise.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes texts in a process that may die of it: the native library ends the process where a regular expression goes back too
 * often. {@link TextTrial} is the other end.
 */
public final class TextProbe {

    /** The argument that makes the program do this and nothing else. */
    public static final String ARGUMENT = "--probe-texts";

    /** The answer for a row that did not end the process. */
    static final int ENCODED = 1;

    /** Stands for no limit of tokens. */
    static final int UNLIMITED = -1;

    private TextProbe() {}

    /**
     * Encodes rows until the input ends.
     *
     * @param in the limit of tokens, the length of a tokenizer in bytes and its content; then for each row a Boolean, whether
     *     special tokens are added, the number of texts, and for each its length in bytes and its content
     * @param out gets {@link #ENCODED} for each row
     * @throws IOException if the input ends within a row
     */
    public static void run(InputStream in, PrintStream out) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int limit = data.readInt();
        TokenizerFile file = new TokenizerFile(Path.of("tokenizer.json"), data.readNBytes(data.readInt()));
        try (HuggingFaceTokenizer tokenizer = file.load(limit == UNLIMITED ? null : (Integer) limit)) {
            while (true) {
                int special = data.read();
                if (special < 0) {
                    return;
                }
                encode(tokenizer, row(data), special == 1);
                out.write(ENCODED);
                out.flush();
            }
        }
    }

    private static List<String> row(DataInputStream data) throws IOException {
        List<String> texts = new ArrayList<>();
        int count = data.readUnsignedByte();
        for (int i = 0; i < count; i++) {
            int length = data.readInt();
            byte[] text = data.readNBytes(length);
            if (text.length < length) {
                throw new EOFException("the input ends within a text");
            }
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static void encode(HuggingFaceTokenizer tokenizer, List<String> row, boolean special) {
        try {
            if (row.size() == 1) {
                tokenizer.encode(row.get(0), special, false);
            } else {
                tokenizer.encode(row.get(0), row.get(1), special, false);
            }
        } catch (RuntimeException e) {
            // it is thrown again, with its reason, in the process that asks
        }
    }
}
