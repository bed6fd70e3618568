/// Who a question comes from, as the owner sees it.
package enum ChatMode: String, Sendable { case owner, `public` }
