/// Who a question comes from, as the owner sees it.
public enum ChatMode: String, Sendable { case owner, `public` }
