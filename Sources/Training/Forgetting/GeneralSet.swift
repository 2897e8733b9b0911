/// General language, written for this purpose and so in no model's training data: what a model
/// should still be able to do after it was trained for something else.
public enum GeneralSet {}
