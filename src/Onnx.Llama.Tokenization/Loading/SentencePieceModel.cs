namespace Onnx.Llama.Tokenization.Loading;

/// <summary>What kind of piece a SentencePiece model says it has.</summary>
internal enum SentencePieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>A piece of a SentencePiece model; the merge that leads to it comes the earlier, the higher its score is.</summary>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceType Type);

/// <summary>A SentencePiece <c>tokenizer.model</c> (<c>sentencepiece_model.proto</c>), as far as it is used.</summary>
internal sealed record SentencePieceModel(IReadOnlyList<SentencePiece> Pieces, int ModelType, string UnknownPiece)
{
    /// <summary>The <see cref="ModelType"/> of byte-pair encoding.</summary>
    public const int Bpe = 2;

    public static SentencePieceModel Read(ReadOnlySpan<byte> bytes, string file)
    {
        var pieces = new List<SentencePiece>();
        int modelType = 1;
        string unknownPiece = "<unk>";
        var message = new ProtobufReader(bytes, file);
        while (message.TryReadField(out int field, out int wireType))
        {
            if (field == 1 && wireType == ProtobufReader.Bytes) pieces.Add(ReadPiece(message.ReadBytes(), file));
            else if (field == 2 && wireType == ProtobufReader.Bytes) ReadTrainer(message.ReadBytes(), file, ref modelType, ref unknownPiece);
            else message.Skip(wireType);
        }

        return new SentencePieceModel(pieces, modelType, unknownPiece);
    }

    private static SentencePiece ReadPiece(ReadOnlySpan<byte> bytes, string file)
    {
        var piece = new SentencePiece("", 0, SentencePieceType.Normal);
        var message = new ProtobufReader(bytes, file);
        while (message.TryReadField(out int field, out int wireType))
        {
            if (field == 1 && wireType == ProtobufReader.Bytes) piece = piece with { Text = message.ReadText() };
            else if (field == 2 && wireType == ProtobufReader.Fixed32) piece = piece with { Score = message.ReadSingle() };
            else if (field == 3 && wireType == ProtobufReader.Varint) piece = piece with { Type = (SentencePieceType)message.ReadVarint() };
            else message.Skip(wireType);
        }

        return piece;
    }

    private static void ReadTrainer(ReadOnlySpan<byte> bytes, string file, ref int modelType, ref string unknownPiece)
    {
        var message = new ProtobufReader(bytes, file);
        while (message.TryReadField(out int field, out int wireType))
        {
            if (field == 3 && wireType == ProtobufReader.Varint) modelType = (int)message.ReadVarint();
            else if (field == 45 && wireType == ProtobufReader.Bytes) unknownPiece = message.ReadText();
            else message.Skip(wireType);
        }
    }
}
