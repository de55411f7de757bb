namespace Onnx.Llama.Text.Tests.Tokenization.Fixtures;

/// <summary>What the small vocabularies are trained on: a little of many scripts, code, digits and white space, so that merges reach across all of them.</summary>
internal static class TrainingText
{
    public const string Text = """"
        The quick brown fox jumps over the lazy dog, and the dog doesn't mind: it's asleep. They'll say we'd better go; I'm not sure they've heard.
        THE QUICK BROWN FOX DOESN'T CARE. It'S A Test. HTTPServerError, getElementById, camelCaseWords, snake_case_words and kebab-case-words.
        In 2024 there were 1234567 people, 3.14159 pies and 0x1F600 faces; call 555-0199 or 1,000,000 times. ½ of ٣٤٥ is not ४२ nor Ⅻ.
        Größe, naïve café, señor, Ångström, façade, œuvre, Straße und Fußgängerübergänge. Việc này hợp với nhiều điều kiện.
        Привет, мир! Как дела сегодня? Ёжик идёт домой. Γειά σου Κόσμε, πώς είσαι σήμερα;
        生活的真谛是爱与自由。你好，世界！生活的意义是什么？我们在这里生活。 こんにちは世界、カタカナとひらがなと漢字。今日はいい天気ですね。
        안녕하세요 세계! 오늘은 날씨가 좋네요. 안녕히 가세요. مرحبا بالعالم، كيف حالك اليوم؟ שלום עולם, מה שלומך היום?
        नमस्ते दुनिया, आप कैसे हैं? สวัสดีชาวโลก วันนี้อากาศดี
        😀😃👍🏽🎉 👨‍👩‍👧‍👦 🏳️‍🌈 😀😀 🎉🎉 👍🏽👍🏽 𝐀𝐁𝐂 𝟏𝟐𝟑 𠮷野家
        for (int i = 0; i < 10; ++i) {
            printf("%d\n", i);   // print it
            if (x == y) { return x + y; }
        }

        def f(x):
        	"""doc"""
        	return x**2 if x > 0 else -x  # noqa

        <div class="a"><span>text</span></div>  https://example.com/path?x=1&y=2#frag   a    b     c      d
        ===== ----- ##### ..... !!! ??? :-) ;-) {"a": [1, 2.5, -3e10, null, true], "b": {"c": "d"}}
        the the the and and and of of to to in in is is that that it it was was for for on on with with as as
        """";
}
