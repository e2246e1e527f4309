package org.layerwise.data.token;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Opens tokenizers and lets them encode and decode, in a process of its own, since unexpected content makes the native
 * library end the process. {@link TokenizerCheck} reads one line per tokenizer with its result.
 */
public final class TokenizerTrial {

    /** Command-line argument that makes the program only try tokenizers. */
    public static final String ARGUMENT = "--probe-tokenizers";

    /** Result of a tokenizer that encodes and decodes. */
    static final String WORKS = "works";

    /** Result of a tokenizer that is refused by an exception, as in any other process. */
    static final String REFUSED = "refused";

    /**
     * Length of a run of equal characters: the time of a regular expression that backtracks doubles with each
     * character.
     */
    private static final int RUN = 40;

    private static final int FIRST = 0x3100;

    private static final List<String> SCRIPTS = List.of(
            "The quick brown fox, 1234567 of them, doesn't jump; see https://a.example/x?y=1&z=%20#top.",
            "  Two  blanks\tand a tab\r\nand lines\n\n\nand a no-break\u00a0blank\u3000",
            "Äpfel, çà et là, naïve cafe\u0301, Ελληνικά, русский ёж, עִבְרִית, العربية, हिन्दी क्षि, ไทยภาษา, 日本語カタカナｶﾞ, 한국어 \u1112\u1161\u11ab",
            "\ud83d\udc69\u200d\ud83d\udd2c \ud83c\uddeb\ud83c\uddf7 \ud835\udd04 \ufb01 \u2460 \ufffd \u0000 \u0007 \u200b \ufeff \u202e x",
            "<s> </s> <pad> <unk> <mask> [CLS] [SEP] [PAD] [UNK] [MASK] <|endoftext|> <|im_start|> \u2581 \u0120 ## <0x0A> <0xFF> @@");

    /** Unicode's first characters, and a long run of each ASCII character. */
    private static final List<String> LONG = List.of(
            "",
            IntStream.range(1, FIRST)
                    .filter(Character::isDefined)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining()),
            IntStream.range(' ', 127)
                    .mapToObj(c -> Character.toString(c).repeat(RUN))
                    .collect(Collectors.joining("!\n")));

    private static final int ROOM_FOR_TEXT = 5;

    private TokenizerTrial() {}

    /**
     * Tries tokenizers one after the other.
     *
     * @param in for each tokenizer its length in bytes as an int, then its content
     * @param out stream that gets a line for each tokenizer that did not end the process
     * @throws IOException if the input ends in the middle of a tokenizer
     */
    public static void run(InputStream in, PrintStream out) throws IOException {
        DataInputStream data = new DataInputStream(in);
        for (int first = data.read(); first >= 0; first = data.read()) {
            int length = first << 24 | data.readUnsignedByte() << 16 | data.readUnsignedShort();
            out.println(tried(data.readNBytes(length)));
            out.flush();
        }
    }

    private static String tried(byte[] content) {
        TokenizerFile file = new TokenizerFile(Path.of("tokenizer.json"), content);
        try (HuggingFaceTokenizer unlimited = file.load(null)) {
            int special = unlimited.encode("", "", true, false).getIds().length;
            use(unlimited, LONG);
            use(unlimited, SCRIPTS);
            unlimited.batchEncode(new PairList<>(SCRIPTS, SCRIPTS), true, false);
            // each piece cut off becomes an encoding of its own, for pairs each combination: so only short texts
            try (HuggingFaceTokenizer limited = file.load(special + ROOM_FOR_TEXT)) {
                use(limited, SCRIPTS);
                limited.encode(SCRIPTS.get(0), SCRIPTS.get(1), true, false);
            }
            return WORKS;
        } catch (RuntimeException e) {
            return REFUSED; // the file is not a tokenizer, or one that cannot encode such texts
        }
    }

    private static void use(HuggingFaceTokenizer tokenizer, List<String> texts) {
        for (boolean special : new boolean[] {true, false}) {
            for (Encoding encoding : tokenizer.batchEncode(texts, special, false)) {
                tokenizer.decode(encoding.getIds(), special);
            }
        }
    }
}
